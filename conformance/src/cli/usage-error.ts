/** The command line is wrong; its message is all that a user sees. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
