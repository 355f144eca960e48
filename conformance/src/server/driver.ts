import { existsSync } from "node:fs";
import { AttachmentError } from "../attachment.ts";
import { importModule } from "../import-export.ts";
import { inTime, START_DEADLINE, STOP_DEADLINE } from "../in-time.ts";
import { type PublishedEvent, type Publisher, Refusal } from "./publisher.ts";

/** What a driver module exports as its default: how the suite uses a server from inside. */
export interface ServerDriver {
  /** Starts the server; gives its URL where the command line has none. */
  start?(): Promise<string | undefined> | string | undefined;
  /** Publishes an event; gives the number of subscribers where it is known. Throws what it refuses. */
  publish(event: PublishedEvent): unknown;
  /** Ends every open stream, as a server that stops does. */
  closeAll?(): unknown;
  /** The number of open streams. */
  count?(): Promise<number> | number;
  /** Stops what `start` started. */
  stop?(): unknown;
  /** Whether the server sends data as JSON, strings with their quotes. */
  readonly json?: boolean;
  /** Fields that `publish` can't carry. */
  readonly without?: readonly ("event" | "id" | "retry")[];
}

/** Loads a driver module. */
export async function loadDriver(file: string): Promise<ServerDriver> {
  if (!existsSync(file)) {
    throw new AttachmentError(
      `Cannot load the driver ${file}: there is no such file; "ssekit-conformance server init" writes one`,
    );
  }
  const { default: driver } = (await importModule(file, `the driver ${file}`)) as { default?: Partial<ServerDriver> };
  if (typeof driver?.publish === "function") return driver as ServerDriver;
  const lack = driver === undefined ? "it has no default export" : "its default export has no publish(event)";
  throw new AttachmentError(`Cannot use the driver ${file}: ${lack}; see "ssekit-conformance server init"`);
}

/** Starts the server of a driver, if it starts one, and gives its URL. What has begun to start is stopped again. */
export async function startDriver(driver: ServerDriver): Promise<string | undefined> {
  try {
    return await inTime(() => driver.start?.(), START_DEADLINE);
  } catch (error) {
    await stopDriver(driver).catch(() => {});
    throw new AttachmentError(`Cannot start the server: ${messageOf(error)}; see start() of the driver`);
  }
}

async function stopDriver(driver: ServerDriver): Promise<void> {
  try {
    await inTime(() => driver.stop?.(), STOP_DEADLINE);
  } catch (error) {
    throw new AttachmentError(`Cannot stop the server: ${messageOf(error)}; see stop() of the driver`);
  }
}

/** Publishes by a driver. */
export function driverPublisher(driver: ServerDriver): Publisher {
  const { closeAll, count, without = [] } = driver;
  return {
    fields: new Set((["event", "id", "retry"] as const).filter((name) => !without.includes(name))),
    publish: async (event) => {
      const answer = await refusing(() => driver.publish(event));
      return { subscribers: typeof answer === "number" ? answer : undefined };
    },
    ...(closeAll && { closeAll: async () => void (await closeAll.call(driver)) }),
    ...(count && { count: async () => await count.call(driver) }),
    stop: () => stopDriver(driver),
  };
}

async function refusing(publish: () => unknown): Promise<unknown> {
  try {
    return await publish();
  } catch (error) {
    throw new Refusal(messageOf(error));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
