import { writeMatrix } from "../write-matrix.ts";
import { clientSelfTest } from "./self-test.ts";

writeMatrix(clientSelfTest);
