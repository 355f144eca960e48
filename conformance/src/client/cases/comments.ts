import { type ClientCase, clientCase } from "../client-case.ts";
import { launchDarkly } from "../client-standard.ts";

const COMMENTS = "reading-comments-capability-comments";

/** Comments, of clients that tell them. */
export const commentCases: readonly ClientCase[] = [
  ...[["single comment", "one"] as const, ["two comments in a row", "two"] as const].map(([name, slug]) =>
    clientCase({
      id: `client/comments/${slug}`,
      rule: "A comment is told when its line has ended, without its colon.",
      standard: launchDarkly(COMMENTS, "The comment text in the message should not include the leading colon."),
      level: "PRACTICE",
      repair: "Tell each line that begins with a colon at its end, without waiting for a blank line.",
      needs: ["comments"],
      launchDarkly: [`comments/${name}`],
      async run({ start }) {
        const client = await start();
        const exchange = await client.stream();
        for (const text of slug === "one" ? ["Hello"] : ["Hello", "World"]) {
          exchange.write(`:${text}\n`);
          const { comment } = await client.next("comment", `the comment ${text}, though no blank line follows`);
          client.expect(comment === text, "The comment is another", { expected: text, actual: comment });
        }
      },
    }),
  ),
  clientCase({
    id: "client/comments/in-order",
    rule: "Comments and events are told in their order.",
    standard: launchDarkly(
      COMMENTS,
      "whenever the client has read a comment line (regardless of whether it has parsed an event)",
    ),
    level: "PRACTICE",
    repair: "Tell comments from the same loop as events.",
    needs: ["comments"],
    launchDarkly: ["comments/comment before event", "comments/comment after event"],
    async run({ start }) {
      const client = await start();
      (await client.stream()).write(":Hello\ndata: a\n\n:World\ndata: b\n\n");
      await client.events({ data: "a" }, { data: "b" });
      const told = client.messages.filter(({ kind }) => kind === "event" || kind === "comment").map(({ kind }) => kind);
      const expected = "comment, event, comment, event";
      client.expect(told.join(", ") === expected, "The order is another", { expected, actual: told.join(", ") });
    },
  }),
];
