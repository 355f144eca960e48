// The floor on Deno: `Deno.serve` with a bare stream for each response.
import { serveSubject } from "../serve-subject.ts";
import { bareStreamResponse, publishToBareStreams } from "./bare-stream.ts";
import { serveOnDeno } from "./serve-fetch.ts";

serveSubject({ port: serveOnDeno(() => bareStreamResponse()), publish: publishToBareStreams });
