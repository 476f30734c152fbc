import type { DrainRequestFields, DrainVerdict, LifecycleState } from '@hermes/drain-contract';
import { isDrainHeld } from '@hermes/drain-contract';
import { COMMANDS, OPERATOR_COMMANDS } from './parse-command.ts';

export function helpText(isOperator: boolean): string {
  const commands = Object.entries({ ...COMMANDS, ...(isOperator ? OPERATOR_COMMANDS : {}) });
  return commands.map(([name, does]) => `/${name} - ${does}`).join('\n');
}

/** What `/status` tells. Times are Unix ms. */
export interface ChatStatus {
  readonly state: LifecycleState;
  readonly verdict: DrainVerdict;
  readonly isRestartPending: boolean;
  /** Turns of this gateway. */
  readonly running: number;
  readonly queued: number;
  /** Start of the running turn of the session. */
  readonly runningSince: number | undefined;
  /** Turns of the session that wait. */
  readonly waiting: number;
}

export function statusText(status: ChatStatus): string {
  const { state, verdict, isRestartPending, running, queued } = status;
  const drain = isDrainHeld(verdict) ? ` ${drainText(verdict.request)}` : '';
  const restart = isRestartPending ? ' I restart when the running tasks have ended.' : '';
  const tasks = `Tasks: ${running} running, ${queued} waiting.`;
  return `The gateway is ${state}.${drain}${restart}\n${tasks}\n${sessionText(status)}`;
}

function sessionText({ runningSince, waiting }: ChatStatus): string {
  if (runningSince === undefined && waiting === 0) return 'This session: no task.';
  const running = runningSince === undefined ? 'no task runs' : `a task runs since ${timeText(runningSince)}`;
  return `This session: ${running}, ${waiting} waiting.`;
}

/** Which drain is in force: by whom, why, since when. */
export function drainText({ principal, reason, requested_at }: DrainRequestFields): string {
  const who = principal ? ` by ${principal}` : '';
  const why = reason ? ` (${reason})` : '';
  const since = requested_at === null ? '' : `, requested at ${timeText(Date.parse(requested_at), requested_at)}`;
  return `A drain${who}${why} is in force${since}.`;
}

/** To the second, in UTC. @param otherwise for what is no time. */
function timeText(time: number, otherwise = ''): string {
  return Number.isNaN(time) ? otherwise : new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function runningText(count: number): string {
  if (count === 0) return 'No task is running.';
  return count === 1 ? '1 task is running.' : `${count} tasks are running.`;
}
