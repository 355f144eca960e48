/** A stream of text; a terminal says so, and how wide it is. */
export interface TextStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where a command line writes: its process, but in tests. */
export interface Output {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
}
