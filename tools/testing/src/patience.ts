/** How many times longer than on a quiet machine a test may wait for what is promised within some time. */
export const PATIENCE: number = process.env.CI ? 5 : 1;
