import { expect, it } from "vitest";
import { createHub } from "./create-hub.ts";
import { ScriptedSink } from "./scripted-sink.ts";
import { sharedHub } from "./shared-hub.ts";

it("sharedHub() gives all instances of a module one hub, also those of another copy of this package", async () => {
  const path = "./shared-hub.ts?copy";
  const copy = (await import(/* @vite-ignore */ path)) as { sharedHub: typeof sharedHub };
  expect(copy.sharedHub).not.toBe(sharedHub);
  const hub = sharedHub("app", () => createHub());
  const other = copy.sharedHub("app", () => createHub());
  const sink = new ScriptedSink();
  await other.subscribe(sink, "a");
  await hub.publish("a", { data: "1" });
  await hub.close();
  expect(sink.events.at(-1)?.data).toBe("1");
});

it("sharedHub() keeps names apart, and creates another after close()", async () => {
  let created = 0;
  const create = (): ReturnType<typeof createHub> => {
    created += 1;
    return createHub();
  };
  const [one, other] = [sharedHub("one", create), sharedHub("other", create)];
  expect([one === other, created]).toEqual([false, 2]);
  await one.close();
  const next = sharedHub("one", create);
  expect([next === one, created]).toEqual([false, 3]);
  await next.publish("a", { data: "" });
  await next.close();
  await other.close();
});
