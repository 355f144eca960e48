/**
 * What tests need of the machine: binaries on PATH, free ports, child processes and browsers. Private, for tests only.
 *
 * @module
 */

export { describeWith, findBinary } from "./binary.ts";
export { type Browser, type Page, startBrowser } from "./browser.ts";
export { bundlePage } from "./bundle-page.ts";
export { type AdapterContext, describeAdapter } from "./describe-adapter.ts";
export { describeExample, describeStandaloneExample } from "./describe-example.ts";
export { FaultProxy } from "./fault-proxy.ts";
export { freePort } from "./free-port.ts";
export { localhost } from "./localhost.ts";
export { PATIENCE } from "./patience.ts";
export { type Program, type ProgramOptions, startProgram } from "./program.ts";
export { RawReader, type RawRequest } from "./raw-reader.ts";
export { type Ended, runProgram } from "./run-program.ts";
export { type RecordedRequest, type Script, ScriptedConnection, ScriptedServer } from "./scripted-server.ts";
export { startHaproxy } from "./start-haproxy.ts";
export { startNginx } from "./start-nginx.ts";
export { type RedisServer, startRedis } from "./start-redis.ts";
export { startWebKit, type WebKitPage } from "./start-webkit.ts";
