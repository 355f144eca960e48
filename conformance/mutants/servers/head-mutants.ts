import type { ServerSubject } from "../../src/server/server-subject.ts";
import type { Mutant } from "../mutant.ts";
import type { Exchange, ReceivedRequest } from "./exchange.ts";
import { serverMutant } from "./server-mutant.ts";

/** Adds a line to the head, or puts it in the place of the one of its name. */
function withField(fields: readonly string[], field: string): string[] {
  const name = field.slice(0, field.indexOf(":") + 1).toLowerCase();
  return [...fields.filter((own) => !own.toLowerCase().startsWith(name)), field];
}

/** Faults of the head, the methods, Accept and CORS. */
export const headMutants: readonly Mutant<ServerSubject>[] = [
  serverMutant(
    "answers-json",
    { fault: "The stream has the framework's default Content-Type.", killedBy: "attach/smoke" },
    (Base) =>
      class extends Base {
        override fields(request: ReceivedRequest): string[] {
          return withField(super.fields(request), "Content-Type: application/json");
        }
      },
  ),
  serverMutant(
    "two-content-types",
    { fault: "The framework's Content-Type stays beside that of the stream.", killedBy: "head/one-content-type" },
    (Base) =>
      class extends Base {
        override fields(request: ReceivedRequest): string[] {
          return [...super.fields(request), "Content-Type: text/plain"];
        }
      },
  ),
  serverMutant(
    "says-latin-1",
    { fault: "The container adds its own charset.", killedBy: "head/charset-is-utf-8" },
    (Base) =>
      class extends Base {
        override fields(request: ReceivedRequest): string[] {
          return withField(super.fields(request), "Content-Type: text/event-stream; charset=ISO-8859-1");
        }
      },
  ),
  serverMutant(
    "adds-content-length",
    { fault: "An adapter adds a Content-Length to the stream.", killedBy: "head/no-content-length" },
    (Base) =>
      class extends Base {
        override fields(request: ReceivedRequest): string[] {
          return [...super.fields(request), "Content-Length: 999999999"];
        }
      },
  ),
  serverMutant(
    "may-be-cached",
    { fault: "There is no Cache-Control.", killedBy: "head/caches-are-kept-off" },
    (Base) =>
      class extends Base {
        override fields(request: ReceivedRequest): string[] {
          return super.fields(request).filter((field) => !field.startsWith("Cache-Control"));
        }
      },
  ),
  serverMutant(
    "space-before-the-colon",
    { fault: "The head is written by hand, with a space before a colon.", killedBy: "head/fields-are-well-formed" },
    (Base) =>
      class extends Base {
        override fields(request: ReceivedRequest): string[] {
          return [...super.fields(request), "X-Server : mine"];
        }
      },
  ),
  serverMutant(
    "waits-before-the-head",
    { fault: "The head waits for the authorisation service.", killedBy: "head/prompt" },
    (Base) =>
      class extends Base {
        override begin(exchange: Exchange): void {
          setTimeout(() => super.begin(exchange), 300);
        }
        override send(exchange: Exchange, text: string): void {
          setTimeout(() => super.send(exchange, text), 300);
        }
      },
  ),
  serverMutant(
    "no-first-bytes",
    { fault: "Nothing follows the head until there is an event.", killedBy: "head/first-bytes" },
    (Base) =>
      class extends Base {
        override heartbeat = 250;
        override greeting(): string {
          return "";
        }
      },
  ),
  serverMutant(
    "may-be-transformed",
    { fault: "Cache-Control lacks no-transform.", killedBy: "head/no-transform" },
    (Base) =>
      class extends Base {
        override fields(request: ReceivedRequest): string[] {
          return withField(super.fields(request), "Cache-Control: no-cache");
        }
      },
  ),
  serverMutant(
    "lets-nginx-buffer",
    { fault: "There is no X-Accel-Buffering.", killedBy: "head/x-accel-buffering" },
    (Base) =>
      class extends Base {
        override fields(request: ReceivedRequest): string[] {
          return super.fields(request).filter((field) => !field.startsWith("X-Accel"));
        }
      },
  ),
  serverMutant(
    "head-has-no-answer",
    { fault: "HEAD opens a response that nothing ever writes to.", killedBy: "method/head-is-answered" },
    (Base) =>
      class extends Base {
        override answerHead(): void {}
      },
  ),
  serverMutant(
    "head-streams",
    { fault: "HEAD gets the body of the stream too.", killedBy: "method/head-has-no-body" },
    (Base) =>
      class extends Base {
        override answerHead(exchange: Exchange): void {
          this.begin(exchange);
        }
      },
  ),
  serverMutant(
    "head-subscribes",
    { fault: "HEAD registers a subscriber that nobody reads.", killedBy: "method/head-registers-nobody" },
    (Base) =>
      class extends Base {
        override answerHead(exchange: Exchange): void {
          exchange.head(200, this.fields(exchange.request));
          this.subscribers.add(exchange);
        }
        override send(exchange: Exchange, text: string): void {
          if (exchange.request.method !== "HEAD") super.send(exchange, text);
        }
      },
  ),
  serverMutant(
    "any-method-streams",
    { fault: "The route takes every method.", killedBy: "method/others-are-answered" },
    (Base) =>
      class extends Base {
        override refuseMethod(exchange: Exchange): void {
          this.openStream(exchange);
        }
      },
  ),
  serverMutant(
    "405-without-allow",
    { fault: "The 405 does not say which methods there are.", killedBy: "method/405-has-allow" },
    (Base) =>
      class extends Base {
        override refuseMethod(exchange: Exchange): void {
          exchange.refuse(405, []);
        }
      },
  ),
  serverMutant(
    "needs-accept",
    { fault: "A request without Accept is refused.", killedBy: "accept/missing" },
    (Base) =>
      class extends Base {
        override accepts(request: ReceivedRequest): boolean {
          return request.headers.has("accept") && super.accepts(request);
        }
      },
  ),
  serverMutant(
    "knows-no-ranges",
    { fault: "Accept: */* is refused.", killedBy: "accept/any" },
    (Base) =>
      class extends Base {
        override accepts({ headers }: ReceivedRequest): boolean {
          return headers.get("accept")?.toLowerCase().includes("text/event-stream") !== false;
        }
      },
  ),
  serverMutant(
    "compares-accept-as-text",
    { fault: "Accept must be text/event-stream to the letter.", killedBy: "accept/in-a-list" },
    (Base) =>
      class extends Base {
        override accepts({ headers }: ReceivedRequest): boolean {
          return ["text/event-stream", "*/*", undefined].includes(headers.get("accept"));
        }
      },
  ),
  serverMutant(
    "ignores-accept",
    { fault: "A reader that takes JSON alone gets a stream.", killedBy: "accept/excluded" },
    (Base) =>
      class extends Base {
        override accepts(): boolean {
          return true;
        }
      },
  ),
  serverMutant(
    "no-cors",
    { fault: "Pages of other origins can't read the stream.", killedBy: "cors/allowed" },
    (Base) =>
      class extends Base {
        override corsFields(): string[] {
          return [];
        }
      },
  ),
  serverMutant(
    "cors-twice",
    { fault: "Proxy and application both add Access-Control-Allow-Origin.", killedBy: "cors/one-origin" },
    (Base) =>
      class extends Base {
        override corsFields(request: ReceivedRequest): string[] {
          return [...super.corsFields(request), "Access-Control-Allow-Origin: *"];
        }
      },
  ),
  serverMutant(
    "credentials-for-all",
    { fault: "Credentials are allowed beside *.", killedBy: "cors/credentials-need-an-origin" },
    (Base) =>
      class extends Base {
        override corsFields(): string[] {
          return ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true"];
        }
      },
  ),
  serverMutant(
    "no-vary",
    { fault: "The origin is echoed without Vary.", killedBy: "cors/vary" },
    (Base) =>
      class extends Base {
        override corsFields(request: ReceivedRequest): string[] {
          return super.corsFields(request).filter((field) => !field.startsWith("Vary"));
        }
      },
  ),
  serverMutant(
    "no-preflight",
    { fault: "A preflight for Last-Event-ID is refused.", killedBy: "cors/preflight" },
    (Base) => class extends Base {},
  ),
];
