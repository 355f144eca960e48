import { join } from "node:path";
import { build } from "./build.ts";
import { root } from "./ensure-install.mjs";

// `npm start --port 0` (without the `--`) never reaches a program: npm takes the name, and leaves the bare 0.
for (const option of ["--host <host>", "--ids <kind>", "--log <place>", "--metrics", "--port <number>"]) {
  const [name = ""] = option.slice(2).split(" ");
  if (process.env[`npm_config_${name}`] === undefined) continue;
  console.error(`Cannot see --${name}, for npm kept it: write npm start -- ${option}`);
  process.exit(1);
}
if (!(await build("@ssekit/hub-server"))) process.exit(1);

// In this process, so that a signal reaches the server and nothing stands between.
const cli = join(root, "packages/hub-server/dist/cli.js");
process.argv[1] = cli;
await import(cli);
