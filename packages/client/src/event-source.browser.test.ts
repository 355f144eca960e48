import { describeComparison } from "../test/describe-comparison.ts";

describeComparison("Chromium");
describeComparison("WebKit");
