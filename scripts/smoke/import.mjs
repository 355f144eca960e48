// A plain program as a user's: no test runner, no loader, the packages by their names.
import assert from "node:assert/strict";
import * as codec from "@ssekit/codec";
import * as umbrella from "ssekit";

const text = codec.stringifyEvent({ event: "greeting", data: "one\ntwo", id: "7" });
const events = [];
const parser = codec.createParser({ onEvent: (event) => events.push(event) });
parser.feed(new TextEncoder().encode(text));
assert.deepEqual(events, [{ type: "greeting", data: "one\ntwo", lastEventId: "7" }]);
assert.equal(typeof umbrella.createHub, "function");
