import { foreignParsers } from "./foreign-parsers.ts";
import { writeResults } from "./write-results.ts";

writeResults(foreignParsers);
