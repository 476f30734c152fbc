import type { Context } from '../cli/context.ts';
import type { OnDeadline, WaitingOptions } from '../cli/options.ts';
import { DrainctlError, EXIT, type Outcome } from '../exit.ts';
import { tellRequest, tellTurns } from '../output/tell.ts';
import { tellDuration } from '../settings/duration.ts';
import type { WaitEnd, WaitOptions } from '../wait/wait.ts';
import { tagOf, unlessHeld } from './held.ts';

/** How long an action at the end may take when a signal may have told us to leave. */
const FINAL_MS = 15_000;

type Concluded = Pick<Outcome, 'result' | 'exit'> & { readonly told: string };

/** The part of the options of a waiting command that the wait itself needs. */
export function waitOptions(
  options: WaitingOptions,
  signal: AbortSignal,
  requestId: WaitOptions['requestId'],
): WaitOptions {
  const { deadline, retryFor, onDeadline, onStalled } = options;
  const deadlineActs = deadline !== undefined && onDeadline !== 'hold';
  return {
    requestId,
    deadline,
    retryFor,
    signal,
    failOnStalled: (onStalled ?? (deadlineActs ? 'wait' : 'fail')) === 'fail',
  };
}

/** Does what is to be done at the end of a wait, and says what it came to. @throws DrainctlError. */
export async function conclude(context: Context, end: WaitEnd, options: WaitingOptions): Promise<Outcome> {
  const { result, exit, told } = tellEnd(end, options);
  const action = actionAfter(end, options);
  const done = await act(context, action, end.requestId).catch((error) => {
    throw error instanceof DrainctlError ? alsoTelling(error, told) : error;
  });
  const { drain, status } = end.last;
  return {
    result,
    exit,
    text: [done === undefined ? told : `${told}; ${done}`],
    data: { profile: drain.profile, request_id: end.requestId, action, drain, status },
  };
}

function alsoTelling({ result, exit, message, data }: DrainctlError, told: string): DrainctlError {
  return new DrainctlError(result, exit, `${told}; and then: ${message}`, { ...data });
}

function tellEnd({ judgement, last, requestId }: WaitEnd, { deadline }: WaitingOptions): Concluded {
  const { drain, status, at } = last;
  const left = tellTurns(status, at);
  switch (judgement) {
    case 'drained':
      return { result: 'drained', exit: EXIT.done, told: 'safe to stop: no turn is in flight, and none starts' };
    case 'deadline':
      return {
        result: 'deadline',
        exit: EXIT.deadline,
        told: `not drained within ${tellDuration(deadline ?? 0)}: ${left}`,
      };
    case 'stalled':
      return { result: 'stalled', exit: EXIT.stalled, told: `only stalled turns are left. ${left}` };
    case 'held':
      return { result: 'held', exit: EXIT.held, told: `another request holds the drain now: ${tellRequest(drain)}` };
    case 'cancelled':
      return {
        result: 'cancelled',
        exit: EXIT.ended,
        told: `somebody has cancelled the drain${requestId ? ` ${requestId}` : ''}`,
      };
    case 'expired':
      return { result: 'expired', exit: EXIT.ended, told: 'the drain has expired: nobody kept it alive' };
    case 'void':
      return { result: 'void', exit: EXIT.ended, told: 'the machine has restarted since, which ended the drain' };
    case 'not-draining':
      return { result: 'not-draining', exit: EXIT.ended, told: 'no drain is in force' };
  }
}

function actionAfter({ judgement }: WaitEnd, { onDeadline }: WaitingOptions): OnDeadline | null {
  if (judgement === 'deadline') return onDeadline;
  // A turn that may recover is not interrupted before its time.
  if (judgement === 'stalled') return onDeadline === 'interrupt' ? 'hold' : onDeadline;
  return null;
}

async function act({ api }: Context, action: OnDeadline | null, requestId: string | null): Promise<string | undefined> {
  switch (action) {
    case null:
      return undefined;
    case 'hold':
      return 'the drain stays on';
    case 'cancel':
      await unlessHeld(api.cancel(AbortSignal.timeout(FINAL_MS), tagOf(requestId)));
      return 'the drain has been cancelled';
    case 'interrupt':
      await api.restart(AbortSignal.timeout(FINAL_MS), {
        force: true,
        // Whoever drains is about to do something: nothing new may start when the gateway is back.
        keepDrain: true,
        reason: 'not drained before the deadline',
      });
      return 'a restart that interrupts them has begun';
  }
}
