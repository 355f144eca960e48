import { spawn } from "node:child_process";
import { killGroup, ownGroup } from "../process-group.ts";
import { atMost } from "./at-most.ts";
import { answerOf } from "./http-publisher.ts";
import { placeholdersOf } from "./publish-template.ts";
import { PUBLISHING_AT_ONCE, type PublishedEvent, type Publisher, Refusal } from "./publisher.ts";

/**
 * Publishes by a command of the shell for each event. Its placeholders are quoted for the shell, and empty where an
 * event has no value; the event is also on its standard input, as JSON. An exit code other than 0 refuses the event.
 */
export function commandPublisher(command: string): Publisher {
  const places = placeholdersOf(command);
  return {
    // A command without placeholders reads its standard input.
    fields: new Set((["event", "id", "retry"] as const).filter((name) => places.size === 0 || places.has(name))),
    publish: atMost(PUBLISHING_AT_ONCE, async (event) => answerOf(await run(command, event))),
  };
}

async function run(command: string, event: PublishedEvent): Promise<string> {
  const filled = command.replaceAll(/\{\{(data|event|id|retry)\}\}/g, (_all, name: keyof PublishedEvent) =>
    quote(String(event[name] ?? "")),
  );
  const child = spawn(filled, { shell: true, stdio: ["pipe", "pipe", "pipe"], ...ownGroup });
  // One that still runs when the suite ends is waited for by nobody.
  const abandon = (): void => killGroup(child);
  process.once("exit", abandon);
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed.stderr += text;
  });
  // A command that doesn't read its input closes it.
  child.stdin.on("error", () => {});
  child.stdin.end(JSON.stringify(event));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => process.off("exit", abandon));
  if (code !== 0) throw new Refusal(`the command ended with ${code}: ${printed.stderr.trim().slice(0, 200)}`);
  return printed.stdout;
}

function quote(text: string): string {
  if (text.includes("\0")) throw new Refusal("an argument can't have a NUL");
  return `'${text.replaceAll("'", "'\\''")}'`;
}
