import { type Absence, isAbsence, type WaitEnd, type WaitOptions } from '@hermes/dashboard-client';
import { DrainctlError, EXIT, type Outcome } from '../exit.ts';
import { failureOf } from '../failure.ts';
import { tellAbsence, tellExpired, tellRequest, tellTurns } from '../output/tell.ts';
import { tellDuration } from '../settings/duration.ts';
import { tagOf, unlessConflict } from './conflict.ts';
import type { Context } from './context.ts';
import type { OnDeadline, WaitingOptions } from './options.ts';
import { ownTurn, SELF } from './own-turn.ts';

/** How long an action at the end may take when a signal may have told us to leave. */
const FINAL_MS = 15_000;

/** What an absence means for an operator who wants to stop or change something. */
const WHAT_IT_MEANS: Readonly<Record<Absence, string>> = {
  stopped: ', so no turn runs; it has not answered the drain',
  died: ', which were cut off, and has not come back; processes of its agents may still run',
  frozen: ', so what its turns do is unknown; it may recover',
  silent: ', so what its turns do is unknown',
};

const ABSENCE_EXIT: Readonly<Record<Absence, number>> = {
  stopped: EXIT.stopped,
  died: EXIT.died,
  frozen: EXIT.silent,
  silent: EXIT.silent,
};

type Ending = Pick<Outcome, 'result' | 'exit'> & { readonly told: string };

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
    own: ownTurn(options),
    failOnStalled: (onStalled ?? (deadlineActs ? 'wait' : 'fail')) === 'fail',
  };
}

/** Does what is to be done at the end of a wait, and says what it came to. @throws DrainctlError. */
export async function finish(context: Context, end: WaitEnd, options: WaitingOptions): Promise<Outcome> {
  const { result, exit, told } = tellEnd(context, end, options);
  const action = actionAfter(end, options);
  const done = await act(context, action, end.requestId).catch((error) => {
    const failure = failureOf(error);
    throw failure === undefined ? error : alsoTelling(failure, told);
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

function tellEnd({ paste }: Context, end: WaitEnd, { deadline }: WaitingOptions): Ending {
  const { judgement, last, requestId, deadlinePassed } = end;
  const { drain, status, at } = last;
  const left = tellTurns(status, at);
  if (isAbsence(judgement)) {
    const late = deadlinePassed ? `not drained within ${tellDuration(deadline ?? 0)}: ` : '';
    const told = `${late}${tellAbsence(status, at)}${WHAT_IT_MEANS[judgement]}. To see it: ${paste('status')}`;
    return { result: judgement, exit: ABSENCE_EXIT[judgement], told };
  }
  switch (judgement) {
    case 'drained':
      return { result: 'drained', exit: EXIT.done, told: 'safe to stop: no turn is in flight, and none starts' };
    case 'deadline':
      return {
        result: 'deadline',
        exit: EXIT.deadline,
        told: `not drained within ${tellDuration(deadline ?? 0)}: ${left}`,
      };
    case 'drained-but-own':
      return { result: judgement, exit: EXIT.done, told: 'drained but for the turn that runs this command' };
    case 'self':
      return { result: judgement, exit: EXIT.self, told: SELF };
    case 'stalled':
      return { result: 'stalled', exit: EXIT.stalled, told: `only stalled turns are left. ${left}` };
    case 'conflict':
      return {
        result: 'conflict',
        exit: EXIT.conflict,
        told: `another request holds the drain now: ${tellRequest(drain)}`,
      };
    case 'cancelled':
      return {
        result: 'cancelled',
        exit: EXIT.ended,
        told: `the drain${requestId ? ` ${requestId}` : ''} was cancelled by another client`,
      };
    case 'expired':
      return { result: 'expired', exit: EXIT.ended, told: `${tellExpired(drain.expired_at)}: no client kept it alive` };
    case 'void':
      return { result: 'void', exit: EXIT.ended, told: 'the machine has restarted since, which ended the drain' };
    case 'not-draining':
      return { result: 'not-draining', exit: EXIT.ended, told: 'no drain is in force' };
  }
}

function actionAfter({ judgement, deadlinePassed }: WaitEnd, { onDeadline }: WaitingOptions): OnDeadline | null {
  if (deadlinePassed) return onDeadline;
  // A turn that may recover is not interrupted before its time.
  if (judgement === 'stalled' || judgement === 'self' || isAbsence(judgement))
    return onDeadline === 'interrupt' ? 'hold' : onDeadline;
  return null;
}

async function act({ api }: Context, action: OnDeadline | null, requestId: string | null): Promise<string | undefined> {
  switch (action) {
    case null:
      return undefined;
    case 'hold':
      return 'the drain stays on';
    case 'cancel':
      await unlessConflict(api.cancel(AbortSignal.timeout(FINAL_MS), tagOf(requestId)));
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
