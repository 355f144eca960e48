import { describeSelfTest } from "../describe-self-test.ts";
import { parserSelfTest } from "./self-test.ts";

describeSelfTest(parserSelfTest);
