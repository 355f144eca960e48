import fc from "fast-check";

// One seed for all, so that a red `npm test` is red again; FC_SEED and FC_NUM_RUNS are how `npm run test:long` goes further.
fc.configureGlobal({
  seed: Number(process.env.FC_SEED ?? 20260101),
  numRuns: Number(process.env.FC_NUM_RUNS ?? 100),
});
