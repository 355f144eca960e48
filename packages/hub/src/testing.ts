/**
 * What it takes to test a driver of `EventLog`, or an app that uses a hub, with any test framework.
 *
 * @module
 */
export { ScriptedSink, type ScriptedSinkOptions } from "./scripted-sink.ts";
