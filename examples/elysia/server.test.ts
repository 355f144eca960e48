import { describeExample, describeWith } from "testing";

describeWith("bun", "an example on Bun", (bun) => {
  describeExample("Elysia", new URL("server.ts", import.meta.url), { runtime: bun });
});
