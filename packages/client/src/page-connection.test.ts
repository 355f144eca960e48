import { ScriptedServer } from "testing";
import { describe, expect, it } from "vitest";
import { HandClock } from "../test/hand-clock.ts";
import { opened } from "../test/opened.ts";
import { noContent, stream } from "../test/scripts.ts";
import { PageConnection } from "./page-connection.ts";

// What components see of it is shown in react.browser.test.ts.
describe("PageConnection", () => {
  it("is open while one who joined is left, and a second longer, in which others may join", async () => {
    const server = await start(stream("data: a\n\n"));
    const clock = new HandClock();
    const connection = new PageConnection(`${server.origin}/`, "key", { clock });
    const [leaveA] = join(connection);
    const [leaveB, changed] = join(connection);
    while (connection.view.last.message === undefined) await changed();
    leaveA();
    clock.pass(1_000);
    expect(PageConnection.find("key")?.view.status).toBe("open");
    leaveB();
    clock.pass(999);
    const [leaveC] = join(connection);
    clock.pass(1_000);
    expect(PageConnection.find("key")?.view.status).toBe("open");
    leaveC();
    clock.pass(999);
    expect(PageConnection.find("key")).toBe(connection);
    clock.pass(1);
    expect(PageConnection.find("key")).toBe(undefined);
  });

  it("is forgotten at once when it has ended, so that who joins next connects anew", async () => {
    const server = await start(noContent);
    const connection = new PageConnection(`${server.origin}/`, "key", {});
    const [leave, changed] = join(connection);
    while (connection.view.status !== "closed") await changed();
    expect([connection.view.closeReason, PageConnection.find("key")]).toEqual(["end", connection]);
    leave();
    expect(PageConnection.find("key")).toBe(undefined);
  });
});

async function start(...scripts: Parameters<typeof ScriptedServer.start>): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(...scripts);
  opened.push(server);
  return server;
}

/** Joins; gives how to leave, and what fulfils at the next change. */
function join(connection: PageConnection): [leave: () => void, changed: () => Promise<void>] {
  let heard = (): void => {};
  const leave = connection.join({ onChange: () => heard(), onEvent: () => {}, onGap: () => {} });
  opened.push({ close: leave });
  const changed = (): Promise<void> =>
    new Promise((resolve) => {
      heard = resolve;
    });
  return [leave, changed];
}
