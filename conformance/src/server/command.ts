import { resolve } from "node:path";
import { Option } from "commander";
import type { AreaCommand } from "../area-command.ts";
import { AttachmentError } from "../attachment.ts";
import {
  attaching,
  durationOption,
  fieldOption,
  type RequestLine,
  readRequestLine,
  requestOptions,
} from "../http/options.ts";
import type { Field, TlsOptions } from "../http/request.ts";
import { attachServer } from "./attach-server.ts";
import { commandPublisher } from "./command-publisher.ts";
import { loadDriver } from "./driver.ts";
import { httpPublisher } from "./http-publisher.ts";
import { initCommand } from "./init-command.ts";
import { parseRequestTemplate } from "./publish-template.ts";
import type { Publisher } from "./publisher.ts";
import { SMOKE } from "./server-case.ts";
import { SERVER_CASES } from "./server-cases.ts";
import { DEFAULT_DURATIONS, type Durations, type ServerSubject } from "./server-subject.ts";

interface ServerLine extends RequestLine {
  readonly publish?: string;
  readonly publishHeader: readonly Field[];
  readonly driver?: string;
  readonly cursorQuery?: string;
  readonly dataJson?: true;
  readonly within: number;
  readonly prompt: number;
  readonly heartbeat: number;
  readonly quiet: number;
}

/** What lets the suite ask more. */
const REMEDIES: Readonly<Record<string, string>> = {
  publish: "give --publish or --driver",
  "publish-event": "give --publish an {{event}}",
  "publish-id": "give --publish an {{id}}",
  "publish-retry": "give --publish a {{retry}}",
  "close-all": "a driver's closeAll()",
  "cursor-query": "give --cursor-query",
};

/** `ssekit-conformance server`, which a bare URL means. */
export const serverCommand: AreaCommand<ServerSubject> = {
  name: "server",
  summary: "a server: its event stream by URL alone, or with a way to publish",
  argument: ["[url]", "where its event stream is"],
  options: [
    new Option(
      "--publish <how>",
      "a request, as 'POST http://host/path {\"data\": {{data}}}', or a command of the shell",
    ),
    fieldOption("--publish-header <field>", "a field of the publishing request, repeatable; may have placeholders"),
    new Option("--driver <file>", "a module whose default export is { start?, publish, closeAll?, count?, stop? }"),
    ...requestOptions(),
    new Option("--cursor-query <name>", "the parameter of the query that takes a cursor"),
    new Option("--data-json", "the server sends data as JSON: a string is what it says, without its quotes"),
    durationOption("--within", DEFAULT_DURATIONS.within, "for what has to come"),
    durationOption("--prompt", DEFAULT_DURATIONS.prompt, "for a head, and for an event that nothing holds back"),
    durationOption("--heartbeat", DEFAULT_DURATIONS.heartbeat, "for a sign of life on a quiet stream"),
    durationOption("--quiet", DEFAULT_DURATIONS.quiet, "for what must not come"),
  ],
  examples: [
    "ssekit-conformance https://example.com/events",
    "ssekit-conformance server http://127.0.0.1:3000/events \\",
    '    --publish \'POST http://127.0.0.1:3000/publish {"event": {{event}}, "data": {{data}}, "id": {{id}}}\'',
    "ssekit-conformance server init && ssekit-conformance server --driver conformance-driver.mjs",
  ],
  cases: SERVER_CASES,
  smoke: SMOKE,
  moreCommands: (output) => [initCommand(output)],
  async attach({ argument: url, options }) {
    const line = options as unknown as ServerLine;
    const { fields, tls } = await readRequestLine(line);
    const { within, prompt, heartbeat, quiet } = line;
    const durations: Durations = { within, prompt, heartbeat, quiet };
    if (line.driver !== undefined && line.publish !== undefined) {
      throw new AttachmentError("Cannot publish in two ways: give --publish or --driver");
    }
    const attachment = await attachServer({
      url,
      fields,
      tls,
      cursorQuery: line.cursorQuery,
      json: line.dataJson,
      durations,
      driver: line.driver === undefined ? undefined : await attaching(() => loadDriver(resolve(line.driver ?? ""))),
      publisher: await attaching(() => publisherOf(line, { tls, within })),
    });
    return { ...attachment, remedies: REMEDIES };
  },
};

function publisherOf(line: ServerLine, { tls, within }: { tls: TlsOptions; within: number }): Publisher | undefined {
  if (line.publish === undefined) return undefined;
  const template = parseRequestTemplate(line.publish);
  if (template === undefined) return commandPublisher(line.publish);
  return httpPublisher(template, { fields: line.publishHeader, tls, within });
}
