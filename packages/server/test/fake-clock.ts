export { VirtualClock as FakeClock } from "../src/testing/virtual-clock.ts";
