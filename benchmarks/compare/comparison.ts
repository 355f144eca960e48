/** A comparison: rows that are measured in turn, a table of what they cost, and what ours may cost. */
export interface Comparison {
  /** What `npm run bench` and the file of the result call it. */
  readonly name: string;
  readonly title: string;
  /** The unit of the figures, where the columns are numbers of something. */
  readonly figure?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Rows that can't be measured on this machine, and why. */
  readonly skipped?: readonly string[];
  readonly goals: readonly Goal[];
  /** What is run in each round, in random order. */
  readonly units: readonly Unit[];
  /** What the figures depend on, such as the number of connections. */
  readonly settings: Readonly<Record<string, number>>;
  /** How many rounds, unless the command says otherwise. */
  readonly rounds: number;
  /** How many minutes they may take, unless the command says otherwise; enough on a machine with nothing else to do. */
  readonly minutes: number;
  /** Charts: a bar for each row, a chart for each column; or a line for each row, where the columns are numbers. */
  readonly chart: "bars" | "lines" | "none";
}

/** One figure of each row. */
export interface Column {
  readonly name: string;
  readonly unit: string;
  /** Shown as the number of rounds in which it was not 0, in place of its median. */
  readonly counted?: boolean;
}

/** One subject of a comparison. */
export interface Row {
  readonly name: string;
  /** Whether it is this repository's own. */
  readonly ours?: boolean;
  /** By column, the row that its figures are divided by, in the same round. */
  readonly base?: Readonly<Record<string, string>>;
}

/** What a figure must be: of the row alone, or beside another row's, or beside another column's of the same row. */
export interface Goal {
  readonly row: string;
  readonly column: string;
  readonly thanRow?: string;
  readonly thanColumn?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Whether it must hold in every round, and not for the median alone. */
  readonly always?: boolean;
}

/** Something that is run once in each round, such as one server. */
export interface Unit {
  readonly name: string;
  /** Gives its figures. Whatever it started has to end when the signal says so, and it rejects then. */
  run(signal: AbortSignal): Promise<readonly Sample[]>;
}

/** A figure, or several of the same kind. */
export interface Sample {
  readonly row: string;
  readonly column: string;
  readonly values: readonly number[];
}

/** What a run of a comparison found, as it is kept in a file. */
export interface Result extends Omit<Comparison, "units" | "rounds" | "minutes"> {
  /** The day of the run. */
  readonly date: string;
  readonly machine: { readonly os: string; readonly arch: string; readonly cores: number };
  /** By runtime or package. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  /** By row and column, a figure for each round, in their order; null where the row failed. */
  readonly samples: Readonly<Record<string, Readonly<Record<string, readonly (number | null)[]>>>>;
  /** What failed, and why. */
  readonly failures: readonly string[];
}
