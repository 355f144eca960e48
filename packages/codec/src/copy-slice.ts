/**
 * Gives a slice that shares no memory with the text, where `slice` alone would keep the whole text in memory as long as
 * the slice is: V8 and JavaScriptCore make the concatenation flat, and so copy it, before they slice it.
 */
export function copySlice(text: string, start: number, end?: number): string {
  return ` ${text.slice(start, end)}`.slice(1);
}
