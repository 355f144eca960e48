import { fileURLToPath } from "node:url";

const runtime = [process.execPath, ...("Deno" in globalThis ? ["run", "-A"] : []), "--conditions=@ssekit/source"];

/** The command that runs `writer.ts` on this runtime. */
export function writerCommand(path: string, name: string, size = 10): string[] {
  return [...runtime, fileURLToPath(new URL("writer.ts", import.meta.url)), path, name, String(size)];
}
