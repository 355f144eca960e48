import { writeMatrix } from "../write-matrix.ts";
import { proxySelfTest } from "./self-test.ts";

writeMatrix(proxySelfTest);
