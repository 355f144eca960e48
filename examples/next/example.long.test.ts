import { describeStandaloneExample } from "testing";

describeStandaloneExample("Next", {
  folder: new URL("./", import.meta.url),
  command: ["node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1"],
  quoted: "app/hello/route.ts",
});
