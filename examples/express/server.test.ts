import { describeExample } from "testing";

describeExample("Express", new URL("server.ts", import.meta.url));
