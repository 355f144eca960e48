/** A field line of a head: its name as written, and its value with one character a byte. */
export type Field = readonly [name: string, value: string];
