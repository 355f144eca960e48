import { writeMatrix } from "../write-matrix.ts";
import { parserSelfTest } from "./self-test.ts";

writeMatrix(parserSelfTest);
