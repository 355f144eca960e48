/** What must hold, whatever happens. */
export const properties = [
  "nothing is lost without a gap",
  "nothing is repeated",
  "all comes in the order of one history",
  "only what matchers and grants select",
  "no false gap",
  "a gap's id is where delivery goes on",
  "it comes to rest",
  "all learn who is there",
  "no error of its own",
] as const;

/** One of them. */
export type Property = (typeof properties)[number];

/** What was seen that must not be. */
export class Violation extends Error {
  readonly property: Property;

  constructor(property: Property, message: string) {
    super(message);
    this.property = property;
  }
}
