import { describe, expect, it } from "vitest";
import { Activity } from "./activity.ts";

describe("Activity", () => {
  it("counts readers by topic and pattern, each connection once", () => {
    const activity = new Activity();
    const leave = activity.subscribed(["news", "news", { pattern: "*" }]);
    activity.subscribed(["news"]);
    expect(activity.snapshot().topics).toEqual([
      { name: "news", readers: 2, events: 0 },
      { name: "*", readers: 1, events: 0 },
    ]);
    leave();
    expect(activity.snapshot()).toEqual({
      events: 0,
      topicCount: 1,
      topics: [{ name: "news", readers: 1, events: 0 }],
    });
  });

  it("lists the topic that had an event last in front", () => {
    const activity = new Activity();
    activity.published("1", ["a", "b"]);
    activity.published("2", ["a"]);
    expect(activity.snapshot()).toEqual({
      events: 2,
      topicCount: 2,
      topics: [
        { name: "a", readers: 0, events: 2 },
        { name: "b", readers: 0, events: 1 },
      ],
    });
  });

  it("knows the topics of a recent event by its id", () => {
    const activity = new Activity();
    activity.published("1", ["a", "b"]);
    expect(activity.find("1")).toMatchObject({ topics: ["a", "b"] });
    expect(activity.find("2")).toBeUndefined();
  });

  it("knows the id before the newest events", () => {
    const activity = new Activity();
    expect(activity.idBefore(1)).toBeUndefined();
    activity.published("1", ["a"]);
    expect(activity.idBefore(1)).toBeUndefined();
    activity.published("2", ["a"]);
    activity.published("3", ["a"]);
    expect(activity.idBefore(1)).toBe("2");
  });

  it("counts a repeated id once", () => {
    const activity = new Activity();
    activity.published("1", ["a"]);
    activity.published("1", ["a"]);
    expect(activity.snapshot().events).toBe(1);
  });

  it("stays bounded, and lists no more than 50", () => {
    const activity = new Activity();
    for (let n = 0; n < 3000; n += 1) activity.published(`${n}`, [`topic-${n}`]);
    const { events, topicCount, topics } = activity.snapshot();
    expect({ events, topicCount, listed: topics.length, first: topics[0]?.name }).toEqual({
      events: 3000,
      topicCount: 1000,
      listed: 50,
      first: "topic-2999",
    });
    expect(activity.find("1999")).toBeUndefined();
    expect(activity.find("2000")).toBeDefined();
  });
});
