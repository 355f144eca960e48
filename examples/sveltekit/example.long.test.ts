import { describeStandaloneExample } from "testing";

describeStandaloneExample("SvelteKit", {
  folder: new URL("./", import.meta.url),
  command: ["build"],
  quoted: "src/routes/hello/+server.ts",
});
