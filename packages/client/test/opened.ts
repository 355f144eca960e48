import { afterEach } from "vitest";

/** What is closed after each test. */
export const opened: { close(): void }[] = [];

afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});
