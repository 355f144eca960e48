import { writeMatrix } from "../write-matrix.ts";
import { serverSelfTest } from "./self-test.ts";

writeMatrix(serverSelfTest);
