import { describeWith } from "testing";
import { foreignClients } from "./foreign-clients.ts";
import { writeResults } from "./write-results.ts";

describeWith("chromium", "clients", () => {
  describeWith("firefox-esr", "with Firefox", () => {
    describeWith("WebKitWebDriver", "with WebKit", () => writeResults(foreignClients, 1_800_000));
  });
});
