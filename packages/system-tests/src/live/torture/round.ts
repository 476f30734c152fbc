import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { comesTrue, settledWithin } from './bounded.ts';
import { Clients } from './clients.ts';
import type { Entry } from './faults/table.ts';
import { type History, isAcknowledged, type RoundOptions, type Violation } from './history.ts';
import { findViolations } from './invariants.ts';
import { readJournal, unfinishedIn } from './journal.ts';
import { harass } from './nemesis.ts';
import { Operator } from './operator.ts';
import { isReady } from './ready.ts';
import { saveHistory } from './report.ts';
import { Rng } from './rng.ts';
import { lookForSafety } from './safety-looks.ts';
import { Stage } from './stage.ts';

export interface RoundPlan {
  readonly options: RoundOptions;
  readonly stormMs: number;
  readonly sessions: number;
  readonly strikes: readonly Entry[];
  readonly troubles: readonly Entry[];
}

export interface RoundResult {
  readonly history: History;
  readonly violations: readonly Violation[];
  readonly drains: number;
  /** How long it was, in ms. */
  readonly stormMs: number;
  /** Where everything about a round with violations is kept. */
  readonly kept: string | undefined;
}

const ASK_AT_ONCE = 8;

/** Bounds of what has to come when the faults are over, in ms; generous, as a busy machine must not fail a test. */
const BOUNDS = { up: 60_000, finished: 60_000, answered: 30_000, talked: 100_000 } as const;

/** One round: programs under faults, drains and clients for a while; then rest, and a judgement. */
export async function playRound({ options, stormMs, sessions, strikes, troubles }: RoundPlan): Promise<RoundResult> {
  const [storm, looking] = [new AbortController(), new AbortController()];
  await using stage = await Stage.start(options, storm.signal);
  const { world, recorder, observer, directory } = stage;
  const { seed } = options;
  const clients = new Clients(world.port, storm.signal);
  try {
    if (!(await comesTrue(() => isReady(world.port), BOUNDS.up))) throw new Error('the gateway did not become ready');
    const operator = new Operator(world.dashboards, recorder, new Rng(seed + 1));
    const looks = lookForSafety(world.dashboards, recorder, { rng: new Rng(seed + 2), over: looking.signal });
    const talking = clients.talk(sessions, seed + 100);
    const working = operator.work(storm.signal);
    const harassing = [harass(world, strikes, new Rng(seed + 3)), harass(world, troubles, new Rng(seed + 4))];
    await delay(stormMs);
    storm.abort();
    await Promise.all([...harassing, working]);
    await settle(stage, operator, clients, talking);
    looking.abort();
    await looks;
    await world.gateway.close('SIGTERM', world.stopBoundMs);
    observer.look();
    const { holds, releases, faults, lives, safe, looks: answered, missed } = recorder;
    const { requests } = clients;
    const journal = readJournal(join(world.home, 'gateway.db'));
    const seen = { requests, runs: observer.runs, looks: answered };
    const history = { options, holds, releases, faults, lives, safe, missed, ...seen, ...journal };
    const violations = findViolations(history, world.stopBoundMs);
    const kept = violations.length > 0 ? directory.keep() : undefined;
    if (kept !== undefined) saveHistory(join(kept, 'history.json'), history, violations);
    return { history, violations, drains: operator.drains, stormMs, kept };
  } finally {
    storm.abort();
    looking.abort();
    clients.close();
  }
}

/** All is well again: everything that was accepted has to end and be answered, the same as before. */
async function settle({ world, recorder }: Stage, operator: Operator, clients: Clients, talking: Promise<void>) {
  const isUp = async () => (await operator.cancel()) && (await isReady(world.port));
  if (!(await comesTrue(isUp, BOUNDS.up))) recorder.miss('the gateway did not become ready when all was well');
  const isFinished = () => unfinishedIn(join(world.home, 'gateway.db')) === 0;
  await comesTrue(isFinished, BOUNDS.finished);
  if (!(await settledWithin(talking, BOUNDS.answered))) {
    clients.endHung();
    if (!(await settledWithin(talking, BOUNDS.talked))) recorder.miss('a message was neither accepted nor refused');
  }
  if (!(await comesTrue(isFinished, BOUNDS.finished))) recorder.miss('turns or notices did not come to an end');
  await askForAll(clients);
}

async function askForAll(clients: Clients): Promise<void> {
  const accepted = new Map(clients.requests.filter(isAcknowledged).map(({ message, session }) => [message, session]));
  const left = [...accepted];
  const ask = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) await clients.askAgain(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: ASK_AT_ONCE }, ask));
}
