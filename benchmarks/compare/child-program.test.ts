import { describe, expect, it, onTestFinished } from "vitest";
import { ChildProgram } from "./child-program.ts";

const module = JSON.stringify(new URL("./child-program.ts", import.meta.url).href);

/** A program that doubles what it is given, in the order in which it is asked; 0 is an error, and a negative ends it. */
const source = `
  const { answerTasks } = await import(${module});
  answerTasks({ ready: true }, async ({ value }) => {
    if (value < 0) { console.error("less than nothing"); process.exit(3); }
    if (value === 0) throw new Error("nothing to double");
    return { doubled: 2 * value };
  });`;

async function start(signal: AbortSignal = new AbortController().signal): Promise<ChildProgram> {
  const command = [process.execPath, "--input-type=module-typescript", "--eval", source];
  const { program, ready } = await ChildProgram.start(command, signal);
  onTestFinished(() => program.stop());
  expect(ready).toEqual({ ready: true });
  return program;
}

describe("ChildProgram", () => {
  it("is ready with its first answer, and answers tasks in their order", async () => {
    const program = await start();
    const answers = [1, 2, 3].map((value) => program.ask({ value }));
    expect(await Promise.all(answers)).toEqual([{ doubled: 2 }, { doubled: 4 }, { doubled: 6 }]);
  });

  it("rejects what failed, and goes on", async () => {
    const program = await start();
    await expect(program.ask({ value: 0 })).rejects.toThrow("nothing to double");
    expect(await program.ask({ value: 1 })).toEqual({ doubled: 2 });
  });

  it("rejects all that is asked of a program that has ended, with what it complained of", async () => {
    const program = await start();
    await expect(program.ask({ value: -1 })).rejects.toThrow("less than nothing");
    await expect(program.ask({ value: 1 })).rejects.toThrow("less than nothing");
  });

  it("ends with its signal", async () => {
    const controller = new AbortController();
    const program = await start(controller.signal);
    const answer = program.ask({ value: 1 }).then(() => program.ask({ value: 1 }));
    controller.abort();
    await expect(answer).rejects.toThrow();
  });
});
