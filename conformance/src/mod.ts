/**
 * The conformance suite for event streams as a library: its cases as functions for any test framework, what runs them,
 * and the reference model of the parser, which is its oracle. The command line is `ssekit-conformance`.
 *
 * The reference model is slow and holds a whole stream; to parse, take `@ssekit/codec`.
 *
 * @example
 * ```ts
 * import { parseByReference } from "@ssekit/conformance";
 *
 * parseByReference(new TextEncoder().encode("data: Hello\n\n"));
 * ```
 *
 * @module
 */
export type { AreaCommand, AttachLine } from "./area-command.ts";
export { type Attachment, AttachmentError } from "./attachment.ts";
export { type BindOptions, type BoundCase, bindCases } from "./bind-cases.ts";
export {
  type Case,
  type CaseContext,
  CaseFailure,
  DEFAULT_CASE_DEADLINE,
  type Finding,
  type Level,
  type Specification,
  UnsupportedError,
  type Verdict,
} from "./case.ts";
export { type AttachClientOptions, attachClient, DEFAULT_PATIENCE } from "./client/attach-client.ts";
export { type ClientCasesOptions, clientCases } from "./client/client-cases.ts";
export type {
  ClientHost,
  ClientMessage,
  EventObject,
  HostedClient,
  InterfaceFacts,
  ReportedEvent,
  ResilientWaits,
  StreamParameters,
} from "./client/client-host.ts";
export type { ClientSubject } from "./client/client-subject.ts";
export { type EventSourceClass, type EventSourceHostOptions, hostEventSource } from "./client/event-source-host.ts";
export { type ClientService, serveClientHost } from "./client/serve-client-host.ts";
export { ALL_LEVELS, GATING_LEVELS, STRICT_LEVELS } from "./gating-levels.ts";
export { attachParser, type ParserFactory, type PushParser } from "./parser/module-parser.ts";
export { parserCases } from "./parser/parser-cases.ts";
export type { ParserStep, ParserSubject } from "./parser/parser-subject.ts";
export { attachProxy, DEFAULT_ORIGIN_PORT, type ProxyOptions } from "./proxy/attach-proxy.ts";
export { proxyCases } from "./proxy/proxy-cases.ts";
export { DEFAULT_PROXY_DURATIONS, type ProxyDurations, type ProxySubject } from "./proxy/proxy-subject.ts";
export { type ParserOutcome, parseByReference } from "./reference-parser.ts";
export { type CaseResult, MAX_WIRE_BYTES, type WireEntry } from "./run-case.ts";
export { type Run, type RunEvent, type RunOptions, runCases } from "./run-cases.ts";
export { attachServer, type ServerOptions } from "./server/attach-server.ts";
export type { ServerDriver } from "./server/driver.ts";
export { fillRequest, type PublishRequest, parseRequestTemplate, placeholdersOf } from "./server/publish-template.ts";
export type { PublishAnswer, PublishedEvent, Publisher } from "./server/publisher.ts";
export { type ServerCasesOptions, serverCases } from "./server/server-cases.ts";
export { DEFAULT_DURATIONS, type Durations, type ServerSubject } from "./server/server-subject.ts";
