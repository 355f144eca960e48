// The same from CommonJS: each runtime that is supported can require() a module without top-level await.
const assert = require("node:assert/strict");
const { stringifyEvent } = require("@ssekit/codec");
const { createHub } = require("ssekit");

assert.equal(stringifyEvent({ data: "Hello" }), "data: Hello\n\n");
assert.equal(typeof createHub, "function");
