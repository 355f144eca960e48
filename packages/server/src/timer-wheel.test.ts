import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "./testing/virtual-clock.ts";
import { TIMER_PRECISION, TimerWheel, wheelOf } from "./timer-wheel.ts";

describe("TimerWheel", () => {
  it("runs a timer once, when its time has come", () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    new TimerWheel(clock).add(15_000, () => fired.push(clock.now()));
    clock.advance(14_999);
    expect(fired).toEqual([]);
    clock.advance(60_000);
    expect(fired).toEqual([15_000]);
  });

  it("drives all timers with one interval, and stops it when none is left (RULES B25, B26)", () => {
    const clock = new VirtualClock();
    const wheel = new TimerWheel(clock);
    expect(clock.intervals).toBe(0);
    const timers = Array.from({ length: 1_000 }, (_, n) => wheel.add(n, () => {}));
    expect(clock.intervals).toBe(1);
    for (const timer of timers.slice(500)) wheel.delete(timer);
    clock.advance(499);
    expect(clock.intervals).toBe(1);
    clock.advance(1);
    expect(clock.intervals).toBe(0);
  });

  it("forgets a timer that is cancelled, also by one that fires with it", () => {
    const clock = new VirtualClock();
    const wheel = new TimerWheel(clock);
    const fired: string[] = [];
    const cancelled = wheel.add(200, () => fired.push("cancelled before"));
    wheel.add(200, () => {
      fired.push("first");
      wheel.delete(second);
    });
    const second = wheel.add(200, () => fired.push("second"));
    wheel.delete(cancelled);
    wheel.delete(cancelled);
    clock.advance(1_000);
    expect(fired).toEqual(["first"]);
    expect(clock.intervals).toBe(0);
  });

  it("starts anew after it stood still", () => {
    const clock = new VirtualClock();
    const wheel = new TimerWheel(clock);
    const fired: number[] = [];
    wheel.add(100, () => fired.push(clock.now()));
    clock.advance(1_000_000);
    wheel.add(100, () => fired.push(clock.now()));
    clock.advance(1_000);
    expect(fired).toEqual([100, 1_000_100]);
  });

  it("repeats a timer that adds itself again, with no other beside it", () => {
    const clock = new VirtualClock();
    const wheel = new TimerWheel(clock);
    const fired: number[] = [];
    const run = (): void => {
      fired.push(clock.now());
      if (fired.length < 3) wheel.add(1_000, run);
    };
    wheel.add(1_000, run);
    clock.advance(10_000);
    expect(fired).toEqual([1_000, 2_000, 3_000]);
    expect(clock.intervals).toBe(0);
  });

  it("fires all that was due when the process has slept for longer than a revolution", () => {
    const clock = new VirtualClock();
    const wheel = new TimerWheel(clock);
    const fired: number[] = [];
    const due = Array.from({ length: 300 }, (_, n) => 1_800_000 + n * 100);
    for (const delay of [...due, 3_700_000]) wheel.add(delay, () => fired.push(delay));
    clock.sleep(3_600_000);
    expect(fired.sort((a, b) => a - b)).toEqual(due);
    clock.advance(100_000);
    expect(fired).toContain(3_700_000);
  });

  it("is one for each clock", () => {
    const clock = new VirtualClock();
    expect(wheelOf(clock)).toBe(wheelOf(clock));
    expect(wheelOf(clock)).not.toBe(wheelOf(new VirtualClock()));
  });

  it("is never early, and late by less than its precision, whenever timers are added", () => {
    const arbitraryTimers = fc.array(fc.record({ pause: fc.nat(3_000), delay: fc.integer({ min: 1, max: 60_000 }) }));
    fc.assert(
      fc.property(arbitraryTimers, (timers) => {
        const clock = new VirtualClock();
        const wheel = new TimerWheel(clock);
        let fired = 0;
        for (const { pause, delay } of timers) {
          clock.advance(pause);
          const due = clock.now() + delay;
          wheel.add(delay, () => {
            fired += 1;
            expect(clock.now()).toBeGreaterThanOrEqual(due);
            expect(clock.now() - due).toBeLessThan(TIMER_PRECISION);
          });
        }
        clock.advance(61_000);
        expect(fired).toBe(timers.length);
        expect(clock.intervals).toBe(0);
      }),
    );
  });
});
