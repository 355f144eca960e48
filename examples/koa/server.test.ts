import { describeExample } from "testing";

describeExample("Koa", new URL("server.ts", import.meta.url));
