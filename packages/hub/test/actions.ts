import fc from "fast-check";
import type { WireIds } from "../src/hub-entry.ts";
import type { WhenBehind } from "../src/lag-policy.ts";
import type { Matcher, Target } from "../src/target.ts";

/** What can happen, in any order. Whatever is under way moves only by `step`, `flow`, `turn` and the links that follow. */
export type Action =
  /** A request, a reply or a batch of a tail goes through, or is lost. */
  | { readonly type: "step" | "lose"; readonly which: number }
  /** All that is under way happens; nothing goes through any more; things go through again. */
  | { readonly type: "flow" | "pause" | "go on" }
  | PublishAction
  /** These topics end: nothing may follow, until retention takes the end. */
  | { readonly type: "end"; readonly node: number; readonly topics: readonly string[] }
  /** What the reader may get is another of its grants, and all nodes judge anew. */
  | { readonly type: "grant"; readonly reader: number; readonly which: number }
  /** A turn ends; the tail hears nothing, or again; the node goes down in order, dies, or drains. */
  | { readonly type: "turn" | "lag" | "hear" | "restart" | "kill" | "drain"; readonly node: number }
  /** `blocked`: not even the first bytes arrive. */
  | { readonly type: "connect"; readonly node: number; readonly reader: number; readonly blocked: boolean }
  | { readonly type: "block" | "unblock" | "beat"; readonly reader: number }
  | { readonly type: "take"; readonly reader: number; readonly bytes: number }
  /** It goes, after some bytes more, which may end inside a block. */
  | { readonly type: "cut"; readonly reader: number; readonly arriving: number }
  /** The store is copied; is set back to the copy; loses all. */
  | { readonly type: "copy" | "go back" | "wipe" }
  | { readonly type: "age"; readonly by: number };

export interface PublishAction {
  readonly type: "publish";
  readonly node: number;
  readonly to: Target;
  readonly private: boolean;
  readonly size: number;
  readonly hasData: boolean;
  readonly hasId: boolean;
  readonly key: string | undefined;
}

/** What a reader may get. */
export interface Grant {
  readonly matchers: readonly Matcher[];
  readonly private: boolean;
}

/** What one reader asks for, and how it reads. */
export interface ReaderSetting {
  /** What it may get at first, and what it may get later. With one alone nobody judges it again. */
  readonly grants: readonly Grant[];
  readonly user: string | undefined;
  readonly presence: boolean;
  readonly dropsIdOnlyBlocks: boolean;
  readonly highWaterMark: number;
  readonly whenBehind: WhenBehind;
}

/** What a run starts with. */
export interface WorldSetting {
  /** A forgetful one may lose what it acknowledged. */
  readonly store: "memory" | "scripted" | "forgetful";
  /** With the publishers' a cursor proves too little for a store that forgets. */
  readonly ids: WireIds;
  readonly maxBytes: number;
  readonly maxMarks: number;
  /** Whether all readers are there, and live, when it begins. */
  readonly joined: boolean;
  readonly windowBytes: number;
  readonly catchUpBytes: number;
  readonly readers: readonly ReaderSetting[];
}

/** Some readers want none of the last. */
const topics = ["a", "b", "/c/1", "/d"] as const;
/** One for nearly all readers. */
const EVENT = {
  type: "publish",
  to: topics,
  private: false,
  size: 10,
  hasData: true,
  hasId: false,
  key: undefined,
} as const;
/** Those that may end. */
const endable = ["e", "f"] as const;
const node = fc.nat(2);
const reader = fc.nat(3);
const which = fc.nat(1000);

const action: fc.Arbitrary<Action> = fc.oneof(
  weighted(14, { type: fc.constant("step"), which }),
  weighted(14, {
    type: fc.constant("publish"),
    node,
    to: fc.oneof(
      { weight: 2, arbitrary: fc.constant(["/d"]) },
      { weight: 4, arbitrary: fc.subarray([...topics], { minLength: 1 }) },
      { weight: 1, arbitrary: fc.subarray(["a", ...endable], { minLength: 1 }) },
      { weight: 1, arbitrary: fc.constantFrom({ user: "ann" }, { user: "bob" }) },
    ),
    private: fc.boolean(),
    size: fc.constantFrom(0, 10, 300, 70_000),
    hasData: fc.constantFrom(true, true, true, false),
    hasId: fc.boolean(),
    key: fc.constantFrom(undefined, "k", "l"),
  }),
  weighted(1, { type: fc.constant("end"), node, topics: fc.subarray([...endable], { minLength: 1 }) }),
  weighted(2, { type: fc.constant("grant"), reader, which }),
  weighted(5, { type: fc.constant("turn"), node }),
  weighted(5, { type: fc.constant("connect"), node, reader, blocked: fc.boolean() }),
  weighted(8, { type: fc.constantFrom("block", "unblock", "beat"), reader }),
  weighted(3, { type: fc.constant("take"), reader, bytes: fc.nat(100_000) }),
  weighted(2, { type: fc.constant("cut"), reader, arriving: fc.nat(400) }),
  weighted(3, { type: fc.constantFrom("lag", "hear"), node }),
  weighted(1, { type: fc.constantFrom("restart", "kill", "drain"), node }),
  weighted(2, { type: fc.constant("lose"), which }),
  weighted(12, { type: fc.constantFrom("flow", "flow", "flow", "flow", "pause", "go on") }),
  weighted(3, { type: fc.constantFrom("copy", "copy", "go back", "go back", "wipe") }),
  weighted(2, { type: fc.constant("age"), by: fc.nat(600) }),
);

/** How many links of promise chains may happen before the next action: none, a few, or all. */
const links = fc.constantFrom(0, 1, 2, 5, 150);

/** A reader gets what the store then loses, hears so, and comes to a node that does not; rare where all is drawn alone. */
const restore: fc.Arbitrary<readonly Action[]> = fc
  .tuple(reader, node, node)
  .map(([reader, from, to]) => [
    { type: "copy" },
    { type: "connect", node: from, reader, blocked: false },
    { ...EVENT, node: from },
    { type: "flow" },
    { type: "lag", node: to },
    { type: "go back" },
    { type: "flow" },
    { type: "connect", node: to, reader, blocked: false },
  ]);

const step: fc.Arbitrary<readonly Action[]> = fc.oneof(
  { weight: 90, arbitrary: fc.tuple(action) },
  { weight: 1, arbitrary: restore },
);

/** A run: actions, each with the links that follow it. */
export const run: fc.Arbitrary<(readonly [Action, number])[]> = fc
  .array(fc.tuple(step, links), { maxLength: 400, size: "max" })
  .map((steps) => steps.flatMap(([actions, count]) => actions.map((one) => [one, count] as const)));

const grant: fc.Arbitrary<Grant> = fc.record({
  matchers: fc.oneof(
    fc.subarray<Matcher>(["a", "b"], { minLength: 1 }),
    fc.subarray<Matcher>(["a", "b", { pattern: "/c/*" }, { pattern: "*" }], { minLength: 1 }),
    fc.subarray<Matcher>(["a", ...endable], { minLength: 1 }),
    fc.subarray<Matcher>([...endable], { minLength: 1 }),
  ),
  private: fc.boolean(),
});

const readerSetting: fc.Arbitrary<ReaderSetting> = fc.record({
  grants: fc.oneof(
    { weight: 2, arbitrary: fc.tuple(grant) },
    { weight: 1, arbitrary: fc.array(grant, { minLength: 2, maxLength: 3 }) },
  ),
  user: fc.constantFrom(undefined, "ann"),
  presence: fc.boolean(),
  dropsIdOnlyBlocks: fc.boolean(),
  highWaterMark: fc.constantFrom(1, 1, 200, 70_000),
  whenBehind: fc.constantFrom("catch-up", "catch-up", "skip-to-latest", "latest-per-key", "disconnect"),
});

export const setting: fc.Arbitrary<WorldSetting> = fc.record({
  store: fc.constantFrom("memory", "scripted", "forgetful"),
  ids: fc.constantFrom("cursor", "cursor", "publisher"),
  maxBytes: fc.constantFrom(1500, 20_000, 1_000_000),
  maxMarks: fc.constantFrom(1, 1000),
  joined: fc.boolean(),
  windowBytes: fc.constantFrom(1, 1000, 100_000),
  catchUpBytes: fc.constantFrom(1, 1000, 1_000_000),
  readers: fc.array(readerSetting, { minLength: 4, maxLength: 4 }),
});

function weighted<const T>(weight: number, shape: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.WeightedArbitrary<T> {
  return { weight, arbitrary: fc.record(shape) as fc.Arbitrary<T> };
}
