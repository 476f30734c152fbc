import type { Answer, StackClient } from '@hermes/local-stack';
import type { Attempt, Crowd } from './crowd.ts';

/** What became of the messages around a drain. */
export interface CycleOutcome {
  readonly accepted: number;
  readonly refused: number;
  /** Sent after the drain had begun, and accepted all the same. */
  readonly slipped: readonly Attempt[];
}

/**
 * Begins a drain under full load, keeps it for some messages, and cancels it when every answer is in.
 * @param atRest is called before the cancel, with the drain and what became of the messages.
 */
export async function drainCycle(
  operator: StackClient,
  crowd: Crowd,
  atRest: (drain: Answer['body'], outcome: CycleOutcome) => Promise<void> = async () => undefined,
): Promise<CycleOutcome> {
  crowd.enter();
  await crowd.answers(crowd.size);
  const begun = await operator.beginDrain();
  expectOk(begun);
  const begunAt = performance.now();
  await crowd.answers(crowd.size);
  // A message on its way while the cancel is carried out may rightly be accepted: let there be none.
  await crowd.pause();
  const outcome = judge(crowd.take(), begunAt);
  await atRest(begun.body, outcome);
  expectOk(await operator.cancelDrain());
  return outcome;
}

function judge(attempts: readonly Attempt[], begunAt: number): CycleOutcome {
  const accepted = attempts.filter(({ status }) => status === 200);
  const refused = attempts.filter(({ status }) => status === 503);
  if (accepted.length + refused.length < attempts.length)
    throw new Error(`expected 200 or 503 to each message, found ${attempts.map(({ status }) => status).join(', ')}`);
  const slipped = accepted.filter(({ sentAt }) => sentAt > begunAt);
  return { accepted: accepted.length, refused: refused.length, slipped };
}

function expectOk({ status, body }: Answer): void {
  if (status !== 200) throw new Error(`expected 200, found ${status}: ${JSON.stringify(body)}`);
}
