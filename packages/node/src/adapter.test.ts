import { join } from "node:path";
import { describeAdapter } from "testing";

const fixture = join(import.meta.dirname, "../test/fixture.ts");

describeAdapter("openEventStream() on node:http", [
  process.execPath,
  "--expose-gc",
  "--conditions=@ssekit/source",
  "--no-warnings",
  fixture,
]);
