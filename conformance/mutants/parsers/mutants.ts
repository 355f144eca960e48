import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { Mutant } from "../mutant.ts";
import { bufferMutants } from "./buffer-mutants.ts";
import { chunkMutants } from "./chunk-mutants.ts";
import { decodingMutants } from "./decoding-mutants.ts";
import { dispatchMutants } from "./dispatch-mutants.ts";
import { fieldMutants } from "./field-mutants.ts";
import { lineMutants } from "./line-mutants.ts";

/** Parsers that are wrong in exactly one way. */
export const parserMutants: readonly Mutant<ParserSubject>[] = [
  ...decodingMutants,
  ...lineMutants,
  ...fieldMutants,
  ...bufferMutants,
  ...dispatchMutants,
  ...chunkMutants,
];
