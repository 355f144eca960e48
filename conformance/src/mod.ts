/**
 * The conformance suite for event streams. Here so far: the reference model of the parser, which is the oracle of the
 * suite, and the arbitraries with which it is asked.
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
export { type ParserOutcome, parseByReference } from "./reference-parser.ts";
