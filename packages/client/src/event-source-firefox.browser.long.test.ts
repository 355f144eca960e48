import { describeComparison } from "../test/describe-comparison.ts";

// It takes the longest of the three.
describeComparison("Firefox");
