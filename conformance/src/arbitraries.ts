import { resetLastEventId, type ServerSentEvent } from "@ssekit/codec";
import fc from "fast-check";

/** Pieces of event streams at which parsers fail. */
const hostilePieces: readonly string[] = [
  ...["\r", "\n", "\r\n", "\n\n", "\r\r", "\n\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029"],
  ...[":", ": ", ":  ", " ", "\t", "\ufeff", "\0", "0", "7", "12345678901234567890", "-", ".", "x", "é", "€", "😀"],
  ...["data", "event", "id", "retry", "data:", "event:", "id:", "retry:", "data: ", "event: ", "id: ", "retry: "],
  ...["Data", "dat", "datax", "data :", " data:", "ids:", "data: x\n\n", "id: 1\n", "retry: 10\n", ": note\n"],
];

/** Bytes that are no UTF-8: cut, overlong, of surrogates, out of range, stray; and parts of a BOM. */
const brokenBytes: readonly (readonly number[])[] = [
  ...[[0x80], [0xbf], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xfe], [0xff]],
  ...[[0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xef], [0xef, 0xbb]],
];

/** Bytes of event streams, legal and not, made of what parsers trip over: line ends, colons, BOMs, broken UTF-8. */
export function hostileBytes(): fc.Arbitrary<Uint8Array> {
  const utf8 = new TextEncoder();
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...hostilePieces).map((text) => [...utf8.encode(text)]) },
    { weight: 4, arbitrary: line().map((text) => [...utf8.encode(text)]) },
    { weight: 1, arbitrary: fc.constantFrom(...brokenBytes).map((bytes) => [...bytes]) },
    { weight: 1, arbitrary: fc.nat({ max: 255 }).map((byte) => [byte]) },
  );
  const beginning = fc.constantFrom("", "\ufeff", "\ufeff\ufeff").map((text) => [...utf8.encode(text)]);
  const pieces = fc.array(piece, { size: "+1" });
  return fc.tuple(beginning, pieces).map(([first, rest]) => Uint8Array.from([...first, ...rest.flat()]));
}

/** Lengths of the chunks in which a stream arrives, for {@linkcode chunksOf}; 0 is an empty chunk. */
export function chunkLengths(): fc.Arbitrary<number[]> {
  return fc.oneof(
    fc.constant<number[]>([]),
    fc.array(fc.nat({ max: 9 }), { size: "+1" }),
    fc.array(fc.constant<number>(1), { size: "+2" }),
  );
}

/** Cuts bytes or a string into chunks of these lengths; what is left is the last chunk. */
export function chunksOf<Whole extends Uint8Array | string>(whole: Whole, lengths: readonly number[]): Whole[] {
  const chunks: Whole[] = [];
  let at = 0;
  for (const length of lengths) {
    chunks.push(whole.slice(at, at + length) as Whole);
    at += length;
  }
  chunks.push(whole.slice(at) as Whole);
  return chunks;
}

/** An event that an encoder must carry. */
export function legalEvent(): fc.Arbitrary<ServerSentEvent> {
  const line = hostileText().map((text) => text.replaceAll(/[\r\n]/g, "") || "x");
  const id = fc.oneof(
    line.map((text) => text.replaceAll("\0", "") || "x"),
    fc.constant<typeof resetLastEventId>(resetLastEventId),
  );
  const block = { id, retry: fc.maxSafeNat(), comment: hostileText() };
  return fc.oneof(
    fc.record({ ...block, event: line, data: hostileText() }, { requiredKeys: ["data"] }),
    fc.record(block, { requiredKeys: [] }).filter((event) => Object.keys(event).length > 0),
  );
}

/** What is no legal event in exactly one field, so that an encoder must refuse it. */
export function illegalEvent(): fc.Arbitrary<object> {
  const lineEnd = fc.constantFrom("\r", "\n", "\r\n");
  const spoilt = (by: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.tuple(hostileText(), by, hostileText()).map((parts) => parts.join(""));
  const noText = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.object(),
    fc.array(fc.string()),
    fc.bigInt(),
  );
  const noWholeNumber = fc.oneof(
    fc.double().filter((value) => !Number.isSafeInteger(value) || value < 0),
    fc.integer({ max: -1 }),
    fc.integer({ min: 1 }).map((value) => Number.MAX_SAFE_INTEGER + value),
    fc.nat().map(String),
    hostileText(),
  );
  const wrong = fc.oneof(
    fc.record({ event: fc.oneof(fc.constant(""), spoilt(lineEnd), noText) }),
    fc.record({
      id: fc.oneof(fc.constant(""), spoilt(lineEnd), spoilt(fc.constant("\0")), noText, fc.constant(Symbol())),
    }),
    fc.record({ retry: noWholeNumber }),
    fc.record({ comment: noText }),
    fc.record({ data: noText }),
    fc.record({ event: fc.constant("update"), data: fc.constant(undefined) }),
    unknownField(),
  );
  return fc.oneof(
    fc.constant({}),
    fc.tuple(legalEvent(), wrong).map(([event, fault]) => ({ data: "", ...event, ...fault })),
  );
}

function unknownField(): fc.Arbitrary<object> {
  const name = fc.constantFrom("evnet", "type", "lastEventId", "Data", "key", "");
  return name.map((field) => ({ [field]: "x" }));
}

/** A whole line that means something or only just does not, for single pieces seldom meet to be one. */
function line(): fc.Arbitrary<string> {
  const name = fc.constantFrom("data", "event", "id", "retry");
  const colon = fc.constantFrom(":", ": ", ":  ", "");
  const value = fc
    .array(fc.constantFrom("1", "x", " ", ":", "\0", "€"), { maxLength: 3 })
    .map((parts) => parts.join(""));
  const end = fc.constantFrom("\n", "\r\n", "\r", "\n\n", "\r\n\r\n");
  return fc.tuple(name, colon, value, end).map((parts) => parts.join(""));
}

/** Text that a stream may have to carry: hostile pieces, and any characters, lone surrogates among them. */
export function hostileText(): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...hostilePieces), anyText());
  return fc.array(piece).map((pieces) => pieces.join(""));
}

/** Any UTF-16 units: `fc.string({ unit: "binary" })` knows no lone surrogate, and takes a second to begin. */
function anyText(): fc.Arbitrary<string> {
  return fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units));
}
