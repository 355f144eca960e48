import { writeResults } from "../write-results.ts";
import { foreignServers } from "./foreign-servers.ts";

writeResults(foreignServers);
