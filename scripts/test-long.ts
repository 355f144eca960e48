// Every test with a fresh seed and many more runs of each property, and the `*.long.test.ts` that take minutes. A red run
// is repeated by its printed command.
const seed = process.env.FC_SEED ?? String(Math.floor(Math.random() * 2 ** 31));
const runs = process.env.FC_NUM_RUNS ?? "2000";
console.log(`Repeat with: FC_SEED=${seed} FC_NUM_RUNS=${runs} npm run test:long`);
process.env.FC_SEED = seed;
process.env.FC_NUM_RUNS = runs;
process.env.LONG_TESTS = "true";
await import("./test.ts");
