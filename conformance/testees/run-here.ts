import { Writable } from "node:stream";
import type { Ended } from "testing";
import { runCli } from "../src/cli/run-cli.ts";

/** Keeps what is written to it; nobody watches it, unless it says that it is a terminal. */
class Kept extends Writable {
  readonly isTTY: boolean;
  text = "";

  constructor(isTTY: boolean) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    this.text += text;
    done();
  }
}

/** Runs a command line of the suite in this process, which takes no second to start, in a folder. */
export async function runHere(
  args: readonly string[],
  { cwd = process.cwd(), isTTY = false }: { readonly cwd?: string; readonly isTTY?: boolean } = {},
): Promise<Ended> {
  const [stdout, stderr] = [new Kept(isTTY), new Kept(isTTY)];
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const code = await runCli(args, { stdout, stderr });
    return { code, stdout: stdout.text, stderr: stderr.text };
  } finally {
    process.chdir(before);
  }
}
