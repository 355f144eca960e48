import type { IncomingMessage, ServerResponse } from "node:http";
import { Body, Controller, Get, HttpCode, Post, Req, Res } from "@nestjs/common";
import { createHub } from "ssekit";
import { openEventStream } from "ssekit/node";

const hub = createHub();

/** With `@Res()` Nest leaves the response to the stream: no `@Sse()`, no Observable. */
@Controller()
export class EventsController {
  /** Hello world. The stream stays open until its reader leaves or you close it. */
  @Get("hello")
  hello(@Req() req: IncomingMessage, @Res() res: ServerResponse): void {
    openEventStream(req, res).send({ data: "Hello world!" });
  }

  /** All that is published, and to a reader that comes back what it missed. */
  @Get("events")
  async events(@Req() req: IncomingMessage, @Res() res: ServerResponse): Promise<void> {
    const stream = openEventStream(req, res);
    void stream.closed.then((reason) => console.log(`a reader's stream ended (${reason})`));
    await hub.subscribe(stream, "news");
    stream.send({ event: "welcome", data: { online: hub.count() } });
  }

  @Post("events")
  @HttpCode(200)
  async publish(@Body() data: unknown): Promise<{ id: string }> {
    return { id: await hub.publish("news", { event: "news", data }) };
  }
}
