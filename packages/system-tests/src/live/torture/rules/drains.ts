import { drainWindows } from '../drain-windows.ts';
import {
  endOf,
  type History,
  type Interval,
  isAcknowledged,
  partsOf,
  type Request,
  type Run,
  type Violation,
} from '../history.ts';

/** What an operator may rely on: under a drain nothing starts, and what is safe to stop has nothing running. */
export function drainViolations(history: History): Violation[] {
  const windows = drainWindows(history.holds, history.releases);
  const sent = firstSent(history.requests);
  return [
    ...startViolations(history, windows, sent),
    ...admissionViolations(history, windows, sent),
    ...safetyViolations(history),
  ];
}

/** When each message was sent for the first time. */
type FirstSent = ReadonlyMap<string, number>;

function firstSent(requests: readonly Request[]): FirstSent {
  const sent = new Map<string, number>();
  for (const { message, sentAt } of requests) sent.set(message, Math.min(sentAt, sent.get(message) ?? Infinity));
  return sent;
}

/**
 * Only what is certain: a message sent before the drain may have been admitted before it and start its process a moment
 * later. One that was sent under it, or that waited for a run that ended under it, was admitted under it.
 */
function startViolations({ runs }: History, windows: readonly Interval[], sent: FirstSent): Violation[] {
  const bySession = Map.groupBy(runs, (run) => partsOf(run.message).session);
  return [...Map.groupBy(runs, (run) => run.message)].flatMap(([message, all]) => {
    const first = all.reduce((a, b) => (b.startedAt < a.startedAt ? b : a));
    const window = windows.find(({ from, to }) => from < first.startedAt && first.startedAt < to);
    if (window === undefined) return [];
    const reason = reasonOf(first, window, sent.get(message) ?? 0, bySession.get(partsOf(message).session) ?? []);
    if (reason === undefined) return [];
    const text = `started ${Math.round(first.startedAt - window.from)} ms after a begin had returned, ${reason}`;
    return [{ rule: 'started-under-drain', at: first.startedAt, message, text }];
  });
}

function reasonOf(run: Run, window: Interval, sentAt: number, session: readonly Run[]): string | undefined {
  if (sentAt > window.from) return 'and was sent under the drain';
  const isBefore = (other: Run) => other.startedAt < run.startedAt && (other.endedAt ?? Infinity) <= run.startedAt;
  const before = session.find((other) => isBefore(other) && (other.endedAt ?? 0) > window.from);
  return before && `and waited for ${before.message}, which ended under the drain`;
}

/** What the agents do not show: a turn that was admitted under a drain, and whose process could not be started. */
function admissionViolations(history: History, windows: readonly Interval[], sent: FirstSent): Violation[] {
  const isAdmitted = (request: Request) =>
    history.options.onDrain === 'queue' ? request.outcome.kind === 'final' : isAcknowledged(request);
  return history.requests.filter(isAdmitted).flatMap(({ message, route, endedAt, outcome }) => {
    const isNew = ({ from, to }: Interval) => from < (sent.get(message) ?? 0) && endedAt < to;
    const window = windows.find(isNew);
    if (window === undefined) return [];
    const text = `${route}: sent and ${outcome.kind} within ${endedAt - window.from} ms after a begin had returned`;
    return [{ rule: 'admitted-under-drain', at: endedAt, message, text }];
  });
}

function safetyViolations({ safe, runs }: History): Violation[] {
  return runs.flatMap((run) => {
    const looks = safe.filter(({ from, to }) => run.startedAt < from && to < endOf(run));
    const first = looks[0];
    if (first === undefined) return [];
    const text = `${looks.length} times safe to stop while pid ${run.pid} worked on it`;
    return [{ rule: 'safe-while-running', at: first.from, message: run.message, text }];
  });
}
