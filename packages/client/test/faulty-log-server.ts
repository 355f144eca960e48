import fc from "fast-check";
import { type RecordedRequest, type ScriptedConnection, ScriptedServer } from "testing";
import { status } from "./scripts.ts";

/** What befalls one connection: after `at` bytes of its stream, or by an answer of the status `at`. */
export type Fault =
  | { readonly kind: "cut" | "reset" | "garbage" | "status" | "redirect"; readonly at: number }
  /** It breaks off, and the server comes up again with another epoch, and without the events before `first`. */
  | { readonly kind: "restart"; readonly at: number; readonly first: number };

/** What befalls connections of which each is tried again; to an `EventSource` a status is final. */
export const faults: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constantFrom("cut" as const, "reset" as const), at: fc.nat(300) }),
  fc.record({ kind: fc.constant("redirect" as const), at: fc.constantFrom(301, 302, 303, 307, 308) }),
  fc.record({ kind: fc.constant("garbage" as const), at: fc.nat(5) }),
  fc.record({ kind: fc.constant("restart" as const), at: fc.nat(300), first: fc.nat(11) }),
);

/** Statuses that pass. */
export const refusals: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constant("status" as const),
  at: fc.constantFrom(408, 425, 429, 500, 502, 503, 504),
});

/** Events from 0, each of several lines and bytes a character. */
const published = Array.from({ length: 12 }, (_, i) => `${i}\ndata: é${"x".repeat(i)}`);

/** What a reader has of it in the end: the numbers of events in order, and `gap` where it was told of a loss. */
export type Heard = (number | "gap")[];

/** A server of twelve events that continues after an id, tells of what it has lost, and breaks as it is planned. */
export class FaultyLogServer {
  readonly server: ScriptedServer;
  /** What befalls the next connections. */
  plan: Fault[] = [];
  #epoch = 0;
  #first = 0;

  private constructor(server: ScriptedServer) {
    this.server = server;
    server.script = (c, request) => this.#answer(c, request);
  }

  static async start(): Promise<FaultyLogServer> {
    return new FaultyLogServer(await ScriptedServer.start());
  }

  /** Begins anew, with a plan. */
  begin(plan: readonly Fault[]): void {
    this.plan = [...plan];
    this.#epoch = 0;
    this.#first = 0;
  }

  #answer(c: ScriptedConnection, request: RecordedRequest): void {
    const bytes = Buffer.from(this.#streamAfter(request.headers["last-event-id"] ?? "0-0"));
    const fault = this.plan.shift();
    if (fault === undefined) c.head().write(bytes);
    else if (fault.kind === "status") status(`${fault.at} x`)(c, request);
    else if (fault.kind === "redirect") status(`${fault.at} x`, "Location: /other")(c, request);
    else if (fault.kind === "garbage") c.write("x".repeat(fault.at)).end();
    else if (fault.kind === "cut") c.head().write(bytes.subarray(0, fault.at)).end();
    else {
      c.head().socket.write(bytes.subarray(0, fault.at), () => c.reset());
      if (fault.kind !== "restart") return;
      this.#epoch++;
      this.#first = Math.max(this.#first, fault.first);
    }
  }

  /** All from an id on: of an earlier epoch, or of what is lost, it proves nothing. */
  #streamAfter(id: string): string {
    const [epoch = 0, after = 0] = id.split("-").map(Number);
    const proved = epoch === this.#epoch && after >= this.#first;
    const from = Math.max(after, this.#first);
    const gap = `event: ssekit.gap\ndata: {"reason":"foreign","cursor":""}\nid: ${this.#epoch}-${from}\n\n`;
    const blocks = published.map((data, i) => `data: ${data}\nid: ${this.#epoch}-${i + 1}\n\n`);
    // Whatever it asks for, it must not be asked in a loop.
    return `retry: 0\n\n${proved ? "" : gap}${blocks.slice(from).join("")}`;
  }
}

/** The number of the event that has some data. */
export function numberOf(data: string): number {
  return Number(data.split("\n")[0]);
}

/** Whether a reader has had the last event. */
export function isComplete(heard: Heard): boolean {
  return heard.at(-1) === published.length - 1;
}

/** What is wrong with what a reader heard: an event that is missing, repeated or late without a gap before it. */
export function faultOf(heard: Heard): string | undefined {
  let next = 0;
  let told = false;
  for (const item of heard) {
    if (item === "gap") told = true;
    else {
      if (told ? item < next : item !== next) return `${item} after ${heard}`;
      next = item + 1;
      told = false;
    }
  }
  return undefined;
}
