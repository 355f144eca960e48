import { describeSelfTest } from "../describe-self-test.ts";
import { proxySelfTest } from "./self-test.ts";

describeSelfTest(proxySelfTest);
