/** Jest loads CommonJS: swc makes it of our own TypeScript, and of the packages that are ES modules alone. */
const parser = { syntax: "typescript", decorators: true };
const transform = { legacyDecorator: true, decoratorMetadata: true };

module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/src/**/*.spec.ts"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  transform: { "\\.[jt]s$": ["@swc/jest", { module: { type: "commonjs" }, jsc: { parser, transform } }] },
  transformIgnorePatterns: [],
};
