import fc from "fast-check";

/** Any text, with control characters, those beyond the BMP and lone surrogates: `unit: "binary"` takes seconds to begin. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.nat(0x10ffff)).map((code) => String.fromCodePoint(code)),
});
