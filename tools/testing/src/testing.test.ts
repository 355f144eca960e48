import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { describeWith, findBinary } from "./binary.ts";
import { freePort } from "./free-port.ts";
import { startProgram } from "./program.ts";

const script = (code: string): string[] => [process.execPath, "-e", code];

describe("findBinary()", () => {
  it("finds a program on PATH and says when there is none", () => {
    expect(findBinary("sh")).toMatch(/\/sh$/);
    expect(findBinary("no-such-program-of-ssekit")).toBeUndefined();
  });

  it("takes no folder for a program, nor a file that can't be run", () => {
    const root = mkdtempSync(join(tmpdir(), "ssekit-path-"));
    const { PATH } = process.env;
    onTestFinished(() => {
      process.env.PATH = PATH;
      rmSync(root, { recursive: true });
    });
    const folders = ["folder", "text", "program"].map((name) => join(root, name));
    process.env.PATH = folders.join(delimiter);
    mkdirSync(join(root, "folder", "it"), { recursive: true });
    for (const [name, mode] of [
      ["text", 0o644],
      ["program", 0o755],
    ] as const) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, "it"), "#!/bin/sh\n");
      chmodSync(join(root, name, "it"), mode);
    }
    expect(findBinary("it")).toBe(join(root, "program", "it"));
  });
});

describeWith("sh", "describeWith()", (path) => {
  it("hands the program's path to the tests", () => {
    expect(path).toBe(findBinary("sh"));
  });
});

describe("freePort()", () => {
  it("gives a port that can be taken", async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
    server.close();
  });
});

describe("startProgram()", () => {
  it("waits for the line, keeps what was printed and gives the exit code", async () => {
    const code = "process.on('SIGTERM', () => process.exit(7)); setTimeout(() => {}, 60000); console.log('up on 42')";
    const program = await startProgram(script(code), { until: /up on (\d+)/ });
    expect(program.match[1]).toBe("42");
    expect(program.output()).toContain("up on 42");
    expect(await program.stop()).toBe(7);
  });

  it("rejects with what was printed when the program ends first", async () => {
    await expect(startProgram(script("console.error('no luck'); process.exit(3)"), { until: /up/ })).rejects.toThrow(
      /ended with 3.*no luck/s,
    );
  });

  it("rejects when there is no such program", async () => {
    await expect(startProgram(["no-such-program-of-ssekit"], { until: /up/ })).rejects.toThrow(/ENOENT/);
  });
});
