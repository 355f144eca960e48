import { writeMatrix } from "../write-matrix.ts";
import { clientSelfTest } from "./self-test.ts";

// Most of the time is waiting: for what a mutant never does.
writeMatrix({ ...clientSelfTest, concurrency: 24, subjectsAtOnce: 4 });
