import { badRequest, type Refusal } from "./refusal.ts";

/** The longest topic, matcher, id and type that is taken, in UTF-16 units; an id comes back in a request header. */
export const MAX_FIELD_LENGTH = 1024;

// C0, DEL and C1 are Cc; Cf is what is invisible and yet makes two texts differ (zero-width, bidirectional marks).
const INVISIBLE = /[\p{Cc}\p{Cf}]/u;

/** Refuses a topic, matcher, id or type whose text can't be carried; `attempt` begins the reason. */
export function refuseText(text: string, attempt: string): Refusal | undefined {
  if (text.length > MAX_FIELD_LENGTH) {
    return {
      status: 413,
      reason: `${attempt} ${quote(text)}: it has ${text.length} characters, over ${MAX_FIELD_LENGTH}: shorten it`,
    };
  }
  const invisible = INVISIBLE.exec(text);
  if (invisible === null) return undefined;
  return badRequest(
    `${attempt} ${quote(text)}: remove the control or format character U+${hexOf(invisible[0])} at index ${invisible.index}`,
  );
}

/** A value as it stands in a reason: quoted, at most 80 characters of it, and what can't be seen escaped. */
export function quote(text: string): string {
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  return shown.replace(new RegExp(INVISIBLE, "gu"), (character) => `\\u{${hexOf(character)}}`);
}

function hexOf(character: string): string {
  return (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
}
