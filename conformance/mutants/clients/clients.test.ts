import { it, vi } from "vitest";
import { describeSelfTest } from "../describe-self-test.ts";
import { clientSelfTest } from "./self-test.ts";

// They mostly wait, each with a server of its own.
vi.setConfig({ maxConcurrency: 8 });

// The plain client stands on `fetch`, and Deno's asks again by itself after a reset.
if ("bun" in process.versions || "deno" in process.versions) it.skip("the cases of client: on Node alone", () => {});
else describeSelfTest(clientSelfTest);
