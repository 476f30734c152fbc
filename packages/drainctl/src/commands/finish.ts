import { type Absence, isAbsence, type WaitEnd, type WaitOptions } from '@hermes/dashboard-client';
import { DrainctlError, EXIT, type Outcome } from '../exit.ts';
import { failureOf } from '../failure.ts';
import { describeAbsence, describeExpired, describeRequest, describeTurns } from '../output/describe.ts';
import { formatDuration } from '../settings/duration.ts';
import { tagOf, unlessConflict } from './conflict.ts';
import type { Context } from './context.ts';
import type { OnDeadline, WaitingOptions } from './options.ts';
import { ownTurn, SELF } from './own-turn.ts';

/** How long an action at the end may take when a signal may have asked this process to end. */
const FINAL_MS = 15_000;

/** The meaning of an absence for an operator who wants to stop or change something. */
const WHAT_IT_MEANS: Readonly<Record<Absence, string>> = {
  stopped: ', so no turn is running; it has not acknowledged the drain',
  died: '; it has not restarted, and processes of its agents may still run',
  frozen: ', so the state of its turns is unknown; it may recover',
  silent: ', so the state of its turns is unknown',
};

const ABSENCE_EXIT: Readonly<Record<Absence, number>> = {
  stopped: EXIT.stopped,
  died: EXIT.died,
  frozen: EXIT.silent,
  silent: EXIT.silent,
};

type Ending = Pick<Outcome, 'result' | 'exit'> & { readonly message: string };

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

/** Runs the action at the end of a wait and returns its result. @throws DrainctlError. */
export async function finish(context: Context, end: WaitEnd, options: WaitingOptions): Promise<Outcome> {
  const { result, exit, message } = describeEnd(context, end, options);
  const action = actionAfter(end, options);
  const done = await act(context, action, end.requestId).catch((error) => {
    const failure = failureOf(error);
    throw failure === undefined ? error : prefixed(failure, message);
  });
  const { drain, status } = end.last;
  return {
    result,
    exit,
    text: [done === undefined ? message : `${message}; ${done}`],
    data: { profile: drain.profile, request_id: end.requestId, action, drain, status },
  };
}

function prefixed(error: DrainctlError, message: string): DrainctlError {
  return new DrainctlError(error.result, error.exit, `${message}; then: ${error.message}`, { ...error.data });
}

function describeEnd({ paste }: Context, end: WaitEnd, { deadline }: WaitingOptions): Ending {
  const { judgement, last, requestId, deadlinePassed } = end;
  const { drain, status, at } = last;
  const left = describeTurns(status, at);
  if (isAbsence(judgement)) {
    const late = deadlinePassed ? `not drained within ${formatDuration(deadline ?? 0)}: ` : '';
    const message = `${late}${describeAbsence(status, at)}${WHAT_IT_MEANS[judgement]}. To see it, run: ${paste('status')}`;
    return { result: judgement, exit: ABSENCE_EXIT[judgement], message };
  }
  switch (judgement) {
    case 'drained':
      return {
        result: 'drained',
        exit: EXIT.done,
        message: 'safe to stop: no turn is in flight and no new turn starts',
      };
    case 'deadline':
      return {
        result: 'deadline',
        exit: EXIT.deadline,
        message: `not drained within ${formatDuration(deadline ?? 0)}: ${left}`,
      };
    case 'drained-but-own':
      return { result: judgement, exit: EXIT.done, message: 'drained, except for the turn that runs this command' };
    case 'self':
      return { result: judgement, exit: EXIT.self, message: SELF };
    case 'stalled':
      return { result: 'stalled', exit: EXIT.stalled, message: `only stalled turns are left. ${left}` };
    case 'conflict':
      return {
        result: 'conflict',
        exit: EXIT.conflict,
        message: `another drain request is in force now: ${describeRequest(drain)}`,
      };
    case 'cancelled':
      return {
        result: 'cancelled',
        exit: EXIT.ended,
        message: `the drain${requestId ? ` ${requestId}` : ''} was cancelled by another client`,
      };
    case 'expired':
      return {
        result: 'expired',
        exit: EXIT.ended,
        message: `${describeExpired(drain.expired_at)}: it was not refreshed`,
      };
    case 'void':
      return { result: 'void', exit: EXIT.ended, message: 'the machine has restarted, which ended the drain' };
    case 'not-draining':
      return { result: 'not-draining', exit: EXIT.ended, message: 'no drain is in force' };
  }
}

function actionAfter({ judgement, deadlinePassed }: WaitEnd, { onDeadline }: WaitingOptions): OnDeadline | null {
  if (deadlinePassed) return onDeadline;
  // A turn that may recover is not interrupted before the deadline.
  if (judgement === 'stalled' || judgement === 'self' || isAbsence(judgement))
    return onDeadline === 'interrupt' ? 'hold' : onDeadline;
  return null;
}

async function act({ api }: Context, action: OnDeadline | null, requestId: string | null): Promise<string | undefined> {
  switch (action) {
    case null:
      return undefined;
    case 'hold':
      return 'the drain stays in force';
    case 'cancel':
      await unlessConflict(api.cancel(AbortSignal.timeout(FINAL_MS), tagOf(requestId)));
      return 'the drain was cancelled';
    case 'interrupt':
      await api.restart(AbortSignal.timeout(FINAL_MS), {
        force: true,
        // The operator is about to change something: no new turn may start when the gateway is back.
        keepDrain: true,
        reason: 'not drained before the deadline',
      });
      return 'a restart that interrupts the remaining turns has begun';
  }
}
