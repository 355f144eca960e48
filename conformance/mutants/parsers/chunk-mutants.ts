import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { Mutant } from "../mutant.ts";
import { parserMutant } from "./parser-mutant.ts";

/** The same stream, cut otherwise, gives other events. */
export const chunkMutants: readonly Mutant<ParserSubject>[] = [
  parserMutant(
    {
      name: "reads-each-chunk-alone",
      fault: "What a chunk leaves behind its last line end is dropped.",
      killedBy: "parse/chunks/cut-lines",
    },
    (Base) =>
      class extends Base {
        override push(chunk: Uint8Array): void {
          this.rest = "";
          super.push(chunk);
        }
      },
  ),
  parserMutant(
    {
      name: "ends-lines-with-chunks",
      fault: "The end of a chunk ends a line.",
      killedBy: "parse/chunks/cut-lines",
    },
    (Base) =>
      class extends Base {
        override text(text: string): void {
          super.text(text);
          if (this.rest === "") return;
          this.line(this.rest);
          this.rest = "";
        }
      },
  ),
  parserMutant(
    {
      name: "empties-its-buffers-with-each-chunk",
      fault: "A block that comes in two chunks loses its first lines.",
      killedBy: "parse/chunks/cut-blocks",
    },
    (Base) =>
      class extends Base {
        override push(chunk: Uint8Array): void {
          if (this.rest === "") this.clear();
          super.push(chunk);
        }
      },
  ),
  parserMutant(
    {
      name: "gives-one-event-a-chunk",
      fault: "Of the events of a chunk the first one alone is dispatched.",
      killedBy: "parse/chunks/many-events",
    },
    (Base) =>
      class extends Base {
        override push(chunk: Uint8Array): void {
          this.#given = false;
          super.push(chunk);
        }
        override emitEvent(): void {
          if (this.#given) this.clear();
          else super.emitEvent();
          this.#given = true;
        }
        #given = false;
      },
  ),
  parserMutant(
    {
      name: "ends-the-stream-at-an-empty-chunk",
      fault: "A chunk without bytes ends the stream.",
      killedBy: "parse/chunks/empty-ones",
    },
    (Base) =>
      class extends Base {
        override push(chunk: Uint8Array): void {
          this.#ended ||= chunk.length === 0;
          if (!this.#ended) super.push(chunk);
        }
        #ended = false;
      },
  ),
  parserMutant(
    {
      name: "holds-an-event-until-more-comes",
      fault: "An event is dispatched when the next chunk comes, or the stream ends.",
      killedBy: "parse/timing/at-the-blank-line",
    },
    (Base) =>
      class extends Base {
        override push(chunk: Uint8Array): void {
          this.#flush();
          super.push(chunk);
        }
        override emitEvent(): void {
          this.#held.push({
            type: this.type || "message",
            data: this.data.slice(0, -1),
            lastEventId: this.lastEventId,
          });
          this.clear();
        }
        override end(): void {
          this.#flush();
        }
        #flush(): void {
          for (const event of this.#held.splice(0)) this.emit(event);
        }
        #held: { type: string; data: string; lastEventId: string }[] = [];
      },
  ),
];
