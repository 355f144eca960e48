import { describeExample } from "testing";

describeExample("h3", new URL("server.ts", import.meta.url));
