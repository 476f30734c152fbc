import { endOf, type History, partsOf, type Run, type Violation } from '../history.ts';

/** What an observer of the agents alone can tell: how often, in which order and beside what else a message ran. */
export function runViolations(history: History): Violation[] {
  const sent = new Set(history.requests.map(({ message }) => message));
  const { runs = [], strays = [] } = Object.groupBy(history.runs, ({ message }) =>
    sent.has(message) ? 'runs' : 'strays',
  );
  const bySession = Map.groupBy(runs, (run) => partsOf(run.message).session);
  const sessions = [...bySession.values()].map((runs) => runs.toSorted((a, b) => a.startedAt - b.startedAt));
  return [
    ...strays.map(strayViolation),
    ...repeatViolations({ ...history, runs }),
    ...sessions.flatMap((runs) => overlapViolations(runs)),
    ...sessions.flatMap((runs) => orderViolations(runs)),
  ];
}

/** For one, the first bytes of a message, where the gateway was killed before it had passed on the rest. */
function strayViolation({ message, pid, startedAt }: Run): Violation {
  const text = `pid ${pid} was given "${message.slice(0, 50)}", which was never sent`;
  return { rule: 'ran-without-message', at: startedAt, message, text };
}

function repeatViolations({ runs, lives, options }: History): Violation[] {
  const ends = lives.filter((life) => life.program === 'gateway').flatMap(({ endedAt }) => endedAt ?? []);
  return [...Map.groupBy(runs, (run) => run.message)].flatMap(([message, all]) => {
    const [first, ...again] = all.toSorted((a, b) => a.startedAt - b.startedAt);
    const last = again.at(-1);
    if (first === undefined || last === undefined) return [];
    const about = { rule: 'ran-twice', at: last.startedAt, message };
    if (!options.replay) return [{ ...about, text: `${all.length} runs, and replay is forbidden` }];
    if (again.length > 1) return [{ ...about, text: `${all.length} runs, and one replay is allowed` }];
    const isReplay = ends.some((end) => first.startedAt < end && end < last.startedAt);
    return isReplay ? [] : [{ ...about, text: 'ran again although no gateway ended in between' }];
  });
}

function overlapViolations(runs: readonly Run[]): Violation[] {
  let longest = runs[0];
  return runs.slice(1).flatMap((run) => {
    const before = longest;
    if (before === undefined || endOf(run) > endOf(before)) longest = run;
    if (before === undefined || run.startedAt >= endOf(before)) return [];
    const text = `started ${Math.round(endOf(before) - run.startedAt)} ms before ${before.message} (pid ${before.pid}) ended`;
    return [{ rule: 'overlap', at: run.startedAt, message: run.message, text }];
  });
}

/** A client sends its next message only when the one before is acknowledged. */
function orderViolations(runs: readonly Run[]): Violation[] {
  const seen = new Set<string>();
  let latest = -1;
  return runs.flatMap(({ message, startedAt }) => {
    if (seen.has(message)) return [];
    seen.add(message);
    const { number } = partsOf(message);
    if (number > latest) {
      latest = number;
      return [];
    }
    return [{ rule: 'order', at: startedAt, message, text: `started after number ${latest} of its session` }];
  });
}
