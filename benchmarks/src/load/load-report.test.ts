import { describe, expect, it } from "vitest";
import { DEFAULT_LOAD, type LoadOptions } from "./load-options.ts";
import { type LoadFindings, summarizeLoad } from "./load-report.ts";
import { Tally } from "./tally.ts";

describe("summarizeLoad()", () => {
  it("takes one busy second for a hiccup, and two for a thread that can do no more", () => {
    expect(bottleneckOf({ samples: seconds(0.3, 1, 0.4) })).toBeUndefined();
    expect(bottleneckOf({ samples: seconds(0.9, 0.3, 1) })).toMatch(/^a thread of readers worked 90 % of a second/);
    // A run of one second has no other to tell.
    expect(bottleneckOf({ samples: seconds(1) })).toMatch(/^a thread of readers worked 100 %/);
  });

  it("takes a few late events for a hiccup, and a tenth of them for a publisher that can't keep its schedule", () => {
    const published = { counts: [20, 10], unsent: 0, failed: 0, behind: 90 };
    expect(bottleneckOf({ published: { ...published, late: 3 } })).toBeUndefined();
    expect(bottleneckOf({ published: { ...published, late: 4 } })).toMatch(
      /^4 of 30 events were sent more than 50 ms late/,
    );
  });

  it("asks for threads when they worked all the time of a storm's connecting", () => {
    const options: LoadOptions = { ...load, profile: "storm" };
    expect(bottleneckOf({ options, connectUtilization: 0.9 })).toMatch(
      /^a thread of readers worked 90 % of the time of/,
    );
    expect(bottleneckOf({ connectUtilization: 0.9 })).toBeUndefined();
  });
});

// Helpers

const target = { url: "http://127.0.0.1/", method: "GET", fields: [], body: undefined, insecure: false };
const load: LoadOptions = { ...DEFAULT_LOAD, target, profile: "fan-out", publish: undefined };

function bottleneckOf(findings: Partial<LoadFindings>): string | undefined {
  return summarizeLoad({
    options: load,
    startedAt: new Date(),
    duration: 3000,
    connecting: 10,
    connectUtilization: 0,
    partial: undefined,
    tally: new Tally(),
    published: undefined,
    samples: [],
    ...findings,
  }).tool.bottleneck;
}

function seconds(...utilizations: number[]): LoadFindings["samples"] {
  return utilizations.map((utilization) => ({ open: 1, events: 0, bytes: 0, utilization, p50: 0, p99: 0 }));
}
