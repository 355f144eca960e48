/** The media ranges that cover an event stream, each more specific than the one before. */
const RANGES = ["*/*", "text/*", "text/event-stream"];

/**
 * Whether an `Accept` header lets an event stream through: the most specific range that covers it decides, by a weight
 * above 0 (RFC 9110, 12.5.1). A header that is absent or empty accepts everything.
 */
export function acceptsEventStream(accept: string | null): boolean {
  // What an EventSource sends comes first, for the rest costs as much as the head.
  if (accept === null || accept === "text/event-stream" || accept.trim() === "") return true;
  let best = -1;
  let accepted = false;
  for (const element of accept.split(",")) {
    const [range = "", ...parameters] = element.split(";").map((part) => part.trim().toLowerCase());
    const rank = RANGES.indexOf(range);
    if (rank <= best) continue;
    best = rank;
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    accepted = weight === undefined || Number(weight.slice(2)) !== 0;
  }
  return accepted;
}
