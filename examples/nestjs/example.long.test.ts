import { describeStandaloneExample } from "testing";
import { expect } from "vitest";

describeStandaloneExample("NestJS", {
  folder: new URL("./", import.meta.url),
  command: ["dist/main.js"],
  quoted: "src/events.controller.ts",
  also: {
    name: "is tested with Jest, from CommonJS",
    test: async (example) => expect(await example.run("npx", "jest")).toMatch(/^Tests: +1 passed, 1 total$/m),
  },
});
