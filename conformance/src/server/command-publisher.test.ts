import { describe, expect, it } from "vitest";
import { commandPublisher } from "./command-publisher.ts";
import { Refusal } from "./publisher.ts";

const HARD = 'it\'s "hard" $HOME `id` \\ *';

describe("commandPublisher()", () => {
  it("gives a command without placeholders the event as JSON on its standard input", async () => {
    const event = { data: `${HARD}\nand more`, event: "news", id: "1", retry: 2 };
    const publisher = commandPublisher(`[ "$(cat)" = '${JSON.stringify(event).replaceAll("'", "'\\''")}' ]`);
    expect(publisher.fields).toEqual(new Set(["event", "id", "retry"]));
    await expect(publisher.publish(event)).resolves.toEqual({ subscribers: undefined });
  });

  it("quotes what it puts into placeholders, and leaves those empty that have no value", async () => {
    const publisher = commandPublisher("echo got={{data}}:{{event}}: >&2; exit 1");
    expect(publisher.fields).toEqual(new Set(["event"]));
    await expect(publisher.publish({ data: HARD })).rejects.toThrow(`got=${HARD}::`);
  });

  it("reads the number of subscribers from what the command prints", async () => {
    await expect(commandPublisher("echo subscribers: 3").publish({ data: "" })).resolves.toEqual({ subscribers: 3 });
  });

  it("takes an exit code other than 0 for a refusal, and shows what the command says", async () => {
    const refused = commandPublisher("echo no room >&2; exit 3").publish({ data: "" });
    await expect(refused).rejects.toThrow(new Refusal("the command ended with 3: no room"));
  });

  it("refuses a NUL, which no argument can have", async () => {
    await expect(commandPublisher("true {{data}}").publish({ data: "a\0b" })).rejects.toThrow(Refusal);
  });

  it("needs no command that reads its input", async () => {
    await expect(commandPublisher("true").publish({ data: "x".repeat(1_000_000) })).resolves.toBeDefined();
  });
});
