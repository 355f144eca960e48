/**
 * The conformance suite for event streams. Here so far: the reference model of the parser, which is its oracle. It is
 * slow and holds a whole stream; to parse, take `@ssekit/codec`.
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
export type { Attachment } from "./attachment.ts";
export {
  type Case,
  type CaseContext,
  CaseFailure,
  type Finding,
  type Level,
  type Specification,
  type Verdict,
} from "./case.ts";
export { type ParserOutcome, parseByReference } from "./reference-parser.ts";
