// Writes conformance/parser-cases.json: the cases of parsers that are data, for use from any language. `--check` only
// compares.
import { type ParserCaseData, variantsOf } from "../conformance/src/parser/parser-case.ts";
import { PARSER_CASE_DATA } from "../conformance/src/parser/parser-cases.ts";
import { writeGenerated } from "./generated-files.ts";

/** Longer streams are left out: whoever needs them makes them. */
const MAX_BYTES = 8192;

const about =
  "Cases for parsers of event streams, from @ssekit/conformance. Each stream (base64) is one whole stream; cut anywhere, it gives these events. reconnectionTime is in ms, null if none is set. Written by npm run sync.";

const cases = PARSER_CASE_DATA.map(jsonOf).filter(({ streams }) => streams.length > 0);
writeGenerated(new Map([["conformance/parser-cases.json", `${JSON.stringify({ about, cases }, undefined, 1)}\n`]]));

function jsonOf({ id, rule, level = "MUST", anchor, quote, streams }: ParserCaseData) {
  return {
    id,
    rule,
    level,
    anchor,
    quote,
    streams: streams.flatMap((stream) =>
      [...variantsOf(stream)]
        .filter(({ bytes }) => bytes.length <= MAX_BYTES)
        .map(({ bytes }) => ({
          base64: Buffer.from(bytes).toString("base64"),
          events: stream.events,
          ...(stream.reconnectionTime !== undefined && { reconnectionTime: stream.reconnectionTime }),
        })),
    ),
  };
}
