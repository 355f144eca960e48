// The floor on Bun: `Bun.serve` with a bare stream for each response.
import { serveSubject } from "../serve-subject.ts";
import { bareStreamResponse, publishToBareStreams } from "./bare-stream.ts";
import { serveOnBun } from "./serve-fetch.ts";

const port = serveOnBun((request, server) => {
  server.timeout(request, 0);
  return bareStreamResponse();
});
serveSubject({ port, publish: publishToBareStreams });
