import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EventStreamError } from "@ssekit/codec";
import { randomEpoch } from "@ssekit/hub";
import { sqliteError } from "./sqlite-error.ts";

/** How a file is opened. */
export interface DatabaseOptions {
  readonly synchronous: "normal" | "full";
  readonly lockTimeout: number;
}

/** Marks a file as one of ours: "ssek". */
const APPLICATION_ID = 0x7373656b;
const SCHEMA_VERSION = 3;
/** What the write-ahead log may keep on disk once it was copied back, in bytes. */
const WAL_BYTES = 16 * 1024 * 1024;

/**
 * The tables of one log; a companion's names begin with its own. The state is one row, so that a position is never given
 * out twice, though retention empties `entry` (HUB A8). `mark` holds the last removed entry of each topic, `forgotten`
 * the highest mark that was let go, `ending` the last end of each topic that is kept.
 */
const TABLES = `
  CREATE TABLE @log (
    epoch TEXT NOT NULL, headN INTEGER NOT NULL, headTag INTEGER NOT NULL,
    floorN INTEGER NOT NULL, floorTag INTEGER NOT NULL, size INTEGER NOT NULL,
    forgottenN INTEGER NOT NULL, forgottenTag INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE @entry (
    n INTEGER PRIMARY KEY, tag INTEGER NOT NULL, id TEXT UNIQUE, bytes INTEGER NOT NULL, size INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE @mark (topic TEXT PRIMARY KEY, n INTEGER NOT NULL, tag INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX @markByN ON @mark (n);
  CREATE TABLE @ending (topic TEXT PRIMARY KEY, n INTEGER NOT NULL, tag INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX @endingByN ON @ending (n);
`;

/** Opens the file of a log, and makes it one if it is new. Throws `log-unavailable` for any other file. */
export function openDatabase(path: string, { synchronous, lockTimeout }: DatabaseOptions): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    refuseFolder(path);
    database = new DatabaseSync(path, { timeout: lockTimeout });
    const { journal_mode: mode } = database.prepare("PRAGMA journal_mode").get() as { journal_mode: string };
    if (mode !== "wal") database.exec("PRAGMA journal_mode = WAL");
    database.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA journal_size_limit = ${WAL_BYTES}`);
    database.exec("BEGIN IMMEDIATE");
    prepareSchema(database, path);
    database.exec("COMMIT");
    return database;
  } catch (error) {
    database?.close();
    throw sqliteError("open", path, error);
  }
}

/** Makes the tables of a log whose names begin with `prefix`, unless they are there; within a transaction. */
export function createTables(database: DatabaseSync, prefix: string): void {
  if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(`${prefix}log`) !== undefined) return;
  database.exec(TABLES.replaceAll("@", prefix));
  database.prepare(`INSERT INTO ${prefix}log VALUES (?, 0, 0, 0, 0, 0, 0, 0)`).run(randomEpoch());
}

/** SQLite says of a folder that it can't be opened, and so of a file without one. */
function refuseFolder(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const why = `it is a folder; give a file in it, such as ${join(path, "events.db")}`;
  throw new EventStreamError("log-unavailable", `Cannot open the log in ${path}: ${why}`);
}

function prepareSchema(database: DatabaseSync, path: string): void {
  const numberOf = (sql: string): unknown => Object.values(database.prepare(sql).get() ?? {})[0];
  const application = numberOf("PRAGMA application_id");
  const version = numberOf("PRAGMA user_version");
  if (application === 0 && version === 0 && numberOf("SELECT count(*) FROM sqlite_schema") === 0) {
    createTables(database, "");
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
    return;
  }
  const refuse = (why: string): never => {
    throw new EventStreamError("log-unavailable", `Cannot open the log in ${path}: ${why}`);
  };
  if (application !== APPLICATION_ID) refuse("the database belongs to another program; give a path of its own");
  if (version !== SCHEMA_VERSION) {
    refuse(`it has version ${version}, and this is for ${SCHEMA_VERSION}; use the @ssekit/hub-sqlite that wrote it`);
  }
}
