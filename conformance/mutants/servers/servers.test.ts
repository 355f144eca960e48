import { describeSelfTest } from "../describe-self-test.ts";
import { serverSelfTest } from "./self-test.ts";

describeSelfTest(serverSelfTest);
