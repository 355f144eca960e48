import type { Position } from "./event-log.ts";

/** How a log is asked what retention cost a reader. */
export interface LossQuestions<Answer> {
  /** Where delivery goes on. */
  readonly ask: () => Promise<Answer>;
  /** The floor, where an answer says that delivery goes on there; none: retention removed nothing. */
  readonly floorOf: (answer: Answer) => Position | undefined;
  /** Whether anything that was removed may have been for the reader. */
  readonly isLoss: (answer: Answer) => Promise<boolean>;
}

/**
 * Where delivery goes on, and whether what retention removed before there may have been for the reader.
 *
 * Between two questions retention may go on, so that a loss lies behind the floor of the first answer; or the store
 * goes back to an older copy, which has not removed what that answer goes past. So where delivery goes on is asked
 * again.
 */
export async function judgeLoss<Answer>(
  questions: LossQuestions<Answer>,
): Promise<{ readonly answer: Answer; readonly isLoss: boolean }> {
  const { ask, floorOf } = questions;
  let answer = await ask();
  for (;;) {
    const floor = floorOf(answer);
    if (floor === undefined) return { answer, isLoss: false };
    const isLoss = await questions.isLoss(answer);
    const again = await ask();
    const now = floorOf(again);
    if (isLoss) return { answer: again, isLoss: now !== undefined };
    // Nothing up to the first floor was lost; what the log has removed since, the next read finds out.
    if (now !== undefined && (now.n > floor.n || now.cursor === floor.cursor)) return { answer, isLoss };
    answer = again;
  }
}
