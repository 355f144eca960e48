import type { ClientEvent, ClientGap, ClientState } from "@ssekit/client";
import type { TailStreams } from "./tail.ts";

/** Milliseconds in which nothing came that count as a pause. */
const PAUSE = 5_000;

/** Prints what a tail hears, for people or as JSON lines. */
export class TailPrinter {
  readonly #streams: TailStreams;
  readonly #json: boolean;
  #heardAt: number;

  constructor(streams: TailStreams, { json }: { readonly json: boolean }) {
    this.#streams = streams;
    this.#json = json;
    this.#heardAt = this.#now();
  }

  printEvent({ type, data, lastEventId }: ClientEvent): void {
    this.#printPause();
    if (this.#json) {
      this.#printJson("event", { type, data, id: lastEventId });
      return;
    }
    const head = [this.#time(), type, ...(lastEventId === "" ? [] : [`#${lastEventId}`])].join(" ");
    const lines = data.split("\n").map(visible);
    // Data of several lines stands below its head.
    this.#streams.write(
      lines.length === 1 ? `${visible(head)} ${lines}\n` : `${visible(head)}\n  ${lines.join("\n  ")}\n`,
    );
  }

  printComment(comment: string): void {
    this.#printPause();
    if (this.#json) this.#printJson("comment", { comment });
    else this.#say(comment === "" ? "heartbeat" : `comment ${comment}`);
  }

  printGap(gap: ClientGap): void {
    this.#printPause();
    const { reason, cursor, range } = gap;
    if (this.#json) this.#printJson("gap", gap);
    else {
      const which = range === undefined ? "" : `, ${range.first} to ${range.last}`;
      this.#say(`gap: events are missing (${reason}${which}); it goes on at ${cursor}`);
    }
  }

  printState(state: ClientState): void {
    const { readyState, attempt, disconnection, nextAttemptAt, closeReason } = state;
    this.#heardAt = this.#now();
    const status = disconnection?.response?.status;
    const reason = disconnection?.reason === "status" ? `status ${status}` : disconnection?.reason;
    const error = messageOf(disconnection?.error);
    const wait = nextAttemptAt === undefined ? undefined : Math.max(0, nextAttemptAt - Date.now());
    if (this.#json) {
      this.#printJson("state", { readyState, attempt, reason, error, wait, closeReason });
    } else if (closeReason === "end") this.#say("the stream has ended");
    else if (readyState === 1) this.#say("connected");
    else if (wait !== undefined) {
      const why = error === undefined ? reason : `${reason}: ${error}`;
      this.#say(`lost (${why}); attempt ${attempt} in ${seconds(wait)}`);
    }
  }

  #printPause(): void {
    const now = this.#now();
    const pause = now - this.#heardAt;
    this.#heardAt = now;
    if (pause < PAUSE) return;
    if (this.#json) this.#printJson("pause", { ms: pause });
    else this.#say(`${seconds(pause)} of silence`);
  }

  #printJson(kind: string, content: object): void {
    this.#streams.write(`${JSON.stringify({ kind, at: this.#now(), ...content })}\n`);
  }

  #say(what: string): void {
    this.#streams.complain(`${this.#time()} -- ${visible(what)}\n`);
  }

  #now(): number {
    return this.#streams.now?.() ?? Date.now();
  }

  #time(): string {
    return new Date(this.#now()).toISOString().slice(11, 23);
  }
}

/** What happened, which the `fetch` of Node and of others wraps: the innermost cause says most. */
function messageOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.cause !== undefined) return messageOf(error.cause);
  // One of several, of two addresses say, has no message.
  return error.message || (error as { code?: string }).code;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** A stream must not move the cursor of a terminal, or change its colours: control characters are shown as escapes. */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is sought
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
