import { writeResults } from "../write-results.ts";
import { foreignProxies } from "./foreign-proxies.ts";

writeResults(foreignProxies);
