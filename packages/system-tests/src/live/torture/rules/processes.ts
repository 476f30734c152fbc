import { type FaultWindow, type History, type Life, overlaps, type Violation } from '../history.ts';

/** Exit code of a program that needs a person; a supervisor does not start it again. */
const NEEDS_A_PERSON = 78;

/** Exit code of a program that is to be started again later. */
const TRY_AGAIN = 75;

/** During these, a program that starts finds what only a person can explain: its home is not there. */
const PERSON_NEEDED: ReadonlySet<string> = new Set(['home-away']);

/** What a supervisor may rely on: a stop ends by its signal and in time, and nothing stays down that need not. */
export function processViolations({ lives, faults, missed }: History, stopBoundMs: number): Violation[] {
  return [
    ...lives.flatMap((life) => lifeViolations(life, faults, stopBoundMs)),
    ...missed.map(({ at, what }) => ({ rule: 'never-came', at, text: what })),
  ];
}

function lifeViolations(life: Life, faults: readonly FaultWindow[], stopBoundMs: number): Violation[] {
  const { program, pid, startedAt, endedAt, exit, asked } = life;
  if (endedAt === undefined) return [];
  const about = { at: endedAt, text: `${program}, pid ${pid}: exit ${exit}` };
  const isExcused = faults.some(
    (fault) => PERSON_NEEDED.has(fault.name) && overlaps(fault, { from: startedAt, to: endedAt }),
  );
  if (exit === NEEDS_A_PERSON && !isExcused) return [{ ...about, rule: 'would-stay-down' }];
  if (program !== 'gateway' || asked?.signal !== 'SIGTERM') return [];
  const took = endedAt - asked.at;
  if (took > stopBoundMs) return [{ ...about, rule: 'slow-stop', text: `${about.text} ${took} ms after SIGTERM` }];
  const failedToStart = life.readyAt === undefined && (exit === TRY_AGAIN || exit === NEEDS_A_PERSON);
  if (exit === 'SIGTERM' || failedToStart) return [];
  return [{ ...about, rule: 'ended-otherwise', text: `${about.text} instead of SIGTERM, ${took} ms after it` }];
}
