import { endOf, type History, type Outcome, partsOf, type Violation } from './history.ts';

/** How far before and after a violation what happened is shown, in ms. */
const [BEFORE_MS, AFTER_MS] = [8_000, 3_000];

interface Moment {
  readonly at: number;
  readonly what: string;
}

/** What happened around a violation, a line each, with its time in ms from the violation. Pure. */
export function timelineOf(violation: Violation, history: History): string[] {
  const { message } = violation;
  const about = history.requests.filter((request) => request.message === message);
  const at = violation.at || (about[0]?.sentAt ?? 0);
  const moments = [...requestMoments(about), ...runMoments(history, message), ...surroundingMoments(history)];
  return moments
    .filter((moment) => at - BEFORE_MS < moment.at && moment.at < at + AFTER_MS)
    .toSorted((a, b) => a.at - b.at)
    .map((moment) => `${String(Math.round(moment.at - at)).padStart(6)}  ${moment.what}`);
}

function requestMoments(requests: History['requests']): Moment[] {
  return requests.flatMap(({ route, sentAt, endedAt, outcome }) => [
    { at: sentAt, what: `sent by ${route}` },
    { at: endedAt, what: `${route}: ${describeOutcome(outcome)}` },
  ]);
}

function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'final':
      return `${outcome.answer.status} ${outcome.answer.reply ?? ''}`;
    case 'refused':
      return `refused, ${outcome.code}`;
    case 'unknown':
      return `unknown, ${outcome.why}`;
    case 'strange':
      return `strange, ${outcome.what}`;
    default:
      return outcome.kind;
  }
}

function runMoments({ runs }: History, message: string | undefined): Moment[] {
  const session = message && partsOf(message).session;
  return runs
    .filter((run) => partsOf(run.message).session === session)
    .flatMap((run) => [
      { at: run.startedAt, what: `run of ${run.message}, pid ${run.pid}` },
      {
        at: endOf(run),
        what: `${run.endedAt === undefined ? 'last seen alive' : 'end of run'}: ${run.message}, pid ${run.pid}`,
      },
    ]);
}

function surroundingMoments({ holds, releases, faults, lives }: History): Moment[] {
  return [
    ...holds.flatMap(({ from, since, requestId }) => [
      { at: from, what: 'begin is sent' },
      { at: since ?? Number.NaN, what: `begin has returned ${requestId ?? ''}` },
    ]),
    ...releases.flatMap(({ from, to, why }) => [
      { at: from, what: `${why} is sent` },
      { at: to, what: `${why} is over` },
    ]),
    ...faults.flatMap(({ from, to, name, detail }) => [
      { at: from, what: `fault ${name} (${detail})` },
      { at: to, what: `fault ${name} is over` },
    ]),
    ...lives.flatMap(({ program, pid, startedAt, readyAt, endedAt, exit }) => [
      { at: startedAt, what: `${program} starts, pid ${pid}` },
      { at: readyAt ?? Number.NaN, what: `${program} is ready` },
      { at: endedAt ?? Number.NaN, what: `${program} has ended: ${exit}` },
    ]),
  ];
}
