// The regression guard of `npm run check`: fails when something of ours costs more beside its floor than its bound. It
// counts CPU time of this process alone, with ours and the floor in turn, so a busy machine slows both and changes
// neither. Each bound is proven each time: three times our work has to be over it.
import { type Contender, median, ratiosOfFirst } from "../codec/measure.ts";
import { type Guarded, guarded } from "./guarded.ts";

/** The planted slow-down. */
const PLANTED = 3;
/** A ratio over its bound is measured again, so that one bad moment is not a regression. */
const TRIES = 3;

for (const subject of guarded()) {
  let measured = await measure(subject);
  for (let tried = 1; tried < TRIES && !isFine(subject, measured); tried += 1) measured = await measure(subject);
  const { ours, planted } = measured;
  const figures = `${ours.toFixed(2)} times the floor, at most ${subject.atMost}; ${PLANTED} times the work: ${planted.toFixed(2)}`;
  if (ours > subject.atMost)
    fail(`${subject.name} costs ${figures}. Profile what was changed; see benchmarks/README.md`);
  else if (planted <= subject.atMost) fail(`${subject.name} proves nothing, for it costs ${figures}: lower its bound`);
  else console.log(`${subject.name}: ${figures}`);
}

async function measure({ ours, floor, events }: Guarded): Promise<{ ours: number; planted: number }> {
  const planted: Contender = {
    name: "planted slow-down",
    async run(): Promise<number> {
      let count = 0;
      for (let time = 0; time < PLANTED; time += 1) count = await ours.run();
      return count;
    },
  };
  const [ourSpeed = [], plantedSpeed = []] = await ratiosOfFirst([floor, ours, planted], events, {
    clock: cpuTime,
    rounds: 7,
    span: 1,
  });
  return { ours: median(ourSpeed), planted: median(plantedSpeed) };
}

function isFine({ atMost }: Guarded, { ours, planted }: { ours: number; planted: number }): boolean {
  return ours <= atMost && planted > atMost;
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function fail(message: string): void {
  console.log(message);
  process.exitCode = 1;
}
