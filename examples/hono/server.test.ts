import { describeExample } from "testing";

describeExample("Hono", new URL("server.ts", import.meta.url));
