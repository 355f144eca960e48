import type { ClientSubject } from "../../src/client/client-subject.ts";
import type { Mutant } from "../mutant.ts";
import { mutantParser } from "./mutant-of.ts";
import { PlainParser } from "./plain-parser.ts";

/** Clients that dispatch wrongly in one way, or read ids and reconnection times so. */
export const dispatchMutants: readonly Mutant<ClientSubject>[] = [
  mutantParser(
    "dispatches-blocks-without-data",
    "A block without data gives an event.",
    "dispatch/no-data-no-event",
    class extends PlainParser {
      override dispatch(): void {
        if (this.dataBuffer === "") this.dataBuffer = "\n";
        super.dispatch();
      }
    },
  ),
  mutantParser(
    "keeps-the-type-of-a-block-without-data",
    "The type of a block without data is that of the next event.",
    "dispatch/no-data-no-event",
    class extends PlainParser {
      override dispatch(): void {
        const { typeBuffer } = this;
        const kept = this.dataBuffer === "";
        super.dispatch();
        if (kept) this.typeBuffer = typeBuffer;
      }
    },
  ),
  mutantParser(
    "keeps-the-type",
    "The type of an event is that of those behind it.",
    "dispatch/type-is-cleared",
    class extends PlainParser {
      override dispatch(): void {
        const { typeBuffer } = this;
        super.dispatch();
        this.typeBuffer = typeBuffer;
      }
    },
  ),
  mutantParser(
    "ignores-an-empty-type",
    "An event field without value leaves the type as it was.",
    "dispatch/empty-type",
    class extends PlainParser {
      override field(name: string, value: string): void {
        if (name !== "event" || value !== "") super.field(name, value);
      }
    },
  ),
  mutantParser(
    "knows-no-types",
    "Each event is a message.",
    "dispatch/type",
    class extends PlainParser {
      override dispatch(): void {
        this.typeBuffer = "";
        super.dispatch();
      }
    },
  ),
  mutantParser(
    "dispatches-at-the-end",
    "What is pending when the stream ends is dispatched.",
    "dispatch/not-at-the-end",
    class extends PlainParser {
      override end(): void {
        if (this.rest !== "") this.line(this.rest);
        this.dispatch();
      }
    },
  ),
  mutantParser(
    "dispatches-at-the-next-line",
    "An event is dispatched when the next line has come.",
    "dispatch/at-the-blank-line",
    class extends PlainParser {
      due = false;
      override line(line: string): void {
        if (this.due) super.line("");
        this.due = line === "";
        if (!this.due) super.line(line);
      }
    },
  ),
  mutantParser(
    "takes-one-event-of-a-chunk",
    "Of the events of a chunk only the first is dispatched.",
    "dispatch/many-in-one-chunk",
    class extends PlainParser {
      given = false;
      override feed(bytes: Uint8Array): void {
        this.given = false;
        super.feed(bytes);
      }
      override dispatch(): void {
        if (this.given) this.dataBuffer = "";
        this.given ||= this.dataBuffer !== "";
        super.dispatch();
      }
    },
  ),
  mutantParser(
    "bounds-events",
    "An event of more than 1 MiB is cut.",
    "dispatch/large@chunks=1",
    class extends PlainParser {
      override data(value: string): void {
        super.data(value.slice(0, 1024 * 1024));
      }
    },
  ),
  mutantParser(
    "takes-ids-with-nul",
    "An id with U+0000 counts.",
    "last-event-id/nul-in-events",
    class extends PlainParser {
      override id(value: string): void {
        this.idBuffer = value;
      }
    },
  ),
  mutantParser(
    "cuts-ids-at-nul",
    "An id ends at its U+0000.",
    "last-event-id/with-nul-is-ignored",
    class extends PlainParser {
      override id(value: string): void {
        this.idBuffer = value.split("\0")[0] || this.idBuffer;
      }
    },
  ),
  mutantParser(
    "ignores-an-empty-id",
    "An id field without value leaves the last event ID as it was.",
    "last-event-id/is-reset",
    class extends PlainParser {
      override id(value: string): void {
        if (value !== "") super.id(value);
      }
    },
  ),
  mutantParser(
    "forgets-the-id-after-its-event",
    "An event without id has none.",
    "last-event-id/persists-over-events",
    class extends PlainParser {
      override dispatch(): void {
        super.dispatch();
        this.idBuffer = "";
      }
    },
  ),
  mutantParser(
    "commits-the-id-with-an-event-alone",
    "The id of a block without data does not count.",
    "last-event-id/of-a-block-without-data",
    class extends PlainParser {
      committed = this.idBuffer;
      override dispatch(): void {
        if (this.dataBuffer === "") this.idBuffer = this.committed;
        this.committed = this.idBuffer;
        super.dispatch();
      }
    },
  ),
  mutantParser(
    "commits-the-id-at-once",
    "The id counts before its block has ended.",
    "last-event-id/not-of-an-unfinished-block",
    class extends PlainParser {
      override id(value: string): void {
        super.id(value);
        this.sink.onId(this.idBuffer);
      }
    },
  ),
  mutantParser(
    "parses-retry-with-parseint",
    "A retry value that begins with digits counts.",
    "retry/more-than-digits",
    class extends PlainParser {
      override retry(value: string): void {
        const milliseconds = Number.parseInt(value, 10);
        if (/^[0-9]/.test(value)) this.sink.onRetry(milliseconds);
      }
    },
  ),
  mutantParser(
    "parses-retry-with-number",
    "Signs, exponents and prefixes are taken in a retry value.",
    "retry/numbers-that-are-no-digits",
    class extends PlainParser {
      override retry(value: string): void {
        if (value !== "" && !Number.isNaN(Number(value))) this.sink.onRetry(Number(value));
      }
    },
  ),
  mutantParser(
    "takes-an-empty-retry-for-zero",
    "A retry field without value sets the reconnection time to 0.",
    "retry/empty",
    class extends PlainParser {
      override retry(value: string): void {
        if (value === "") this.sink.onRetry(0);
        else super.retry(value);
      }
    },
  ),
  mutantParser(
    "refuses-leading-zeros",
    "A retry value with a leading zero is ignored.",
    "retry/leading-zeros",
    class extends PlainParser {
      override retry(value: string): void {
        if (!value.startsWith("0")) super.retry(value);
      }
    },
  ),
  mutantParser(
    "sets-retry-at-the-blank-line",
    "A retry field counts when its block has ended.",
    "retry/at-once",
    class extends PlainParser {
      pending: string | undefined;
      override retry(value: string): void {
        this.pending = value;
      }
      override dispatch(): void {
        if (this.pending !== undefined) super.retry(this.pending);
        this.pending = undefined;
        super.dispatch();
      }
    },
  ),
  mutantParser(
    "takes-retry-for-seconds",
    "The reconnection time is read in seconds.",
    "retry/is-waited",
    class extends PlainParser {
      override retry(value: string): void {
        super.retry(/^[0-9]+$/.test(value) ? `${value}000` : value);
      }
    },
  ),
];
