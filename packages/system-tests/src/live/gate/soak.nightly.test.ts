import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { chooseSeed, randomNumbers } from '../../seed.ts';
import { describeContainers } from '../container/suite.ts';
import { note } from './figures.ts';
import { sessionEvents } from './session-events.ts';
import { Crowd } from './soak/crowd.ts';
import { acceptedUnderDrain, type DrainWindow, findMisses, type JournaledTurn } from './soak/evidence.ts';
import { readJournal } from './soak/journal.ts';
import { Mischief } from './soak/mischief.ts';
import { Operator } from './soak/operator.ts';
import { type Trend, Vitals } from './soak/vitals.ts';
import { type Stage, useStage } from './stage.ts';

const SEED = chooseSeed();
const SOAK_MS = Number(process.env.SOAK_MINUTES ?? 0.5) * 60_000;

/** Towards its end nothing is killed any more, so that memory and descriptors can be watched. */
const ROUGH_PART = 0.6;

/** Between two deeds at most. */
const QUIET_MS = 800;

/** What a process of Node may gain while its heap finds its size; a leak gains more, given time. */
const MEMORY_GROWTH = 1.5;
const DESCRIPTOR_GROWTH = 8;

describeContainers('the soak', () => {
  const stage = useStage({ turn: 200, grace: 20 });

  test(`no promise is broken in ${SOAK_MS / 60_000} minutes of drains, crashes, restarts, power cuts and damaged files`, {
    timeout: SOAK_MS + 300_000,
  }, async (context) => {
    note(context, { seed: SEED, minutes: SOAK_MS / 60_000 });
    const random = randomNumbers(SEED);
    const crowd = new Crowd(stage.url, randomNumbers(SEED + 1));
    const operator = new Operator(stage, random);
    const mischief = new Mischief(random);
    const deadline = performance.now() + SOAK_MS;
    let vitals: Vitals[] = [];
    try {
      const roughUntil = performance.now() + SOAK_MS * ROUGH_PART;
      while (performance.now() < roughUntil) {
        await operator[mischief.next(false)]();
        await delay(random() * QUIET_MS);
      }
      const pids = [stage.gatewayPid, await stage.dashboardPid()];
      vitals = pids.map((pid) => new Vitals(stage.container.path(`/proc/${pid}`)));
      while (performance.now() < deadline) {
        await operator[mischief.next(true)]();
        await delay(random() * QUIET_MS);
      }
      await (await stage.client()).cancelDrain();
    } finally {
      for (const watch of vitals) watch[Symbol.dispose]();
      note(context, Object.fromEntries([...mischief.done].map(([deed, times]) => [wordsOf(deed), times])));
      await crowd.leave();
    }

    const journal = readJournal(join(stage.home, 'gateway.db'));
    note(context, figuresOf(crowd, operator, journal));
    const told = await timesTold(stage, journal);
    const evidence = { sent: crowd.sent, drains: operator.drains, journal, told, strange: crowd.strange };
    expect(findMisses(evidence)).toEqual([]);
    expect(crowd.sent.filter(({ acknowledged }) => acknowledged).length).toBeGreaterThan(0);
    expect(operator.drains.length).toBeGreaterThan(0);
    for (const [n, program] of (['gateway', 'dashboard'] as const).entries()) {
      const trend = vitals[n]?.trend();
      if (trend === undefined) throw new Error(`${program}: expected to have been watched`);
      note(context, trendFigures(program, trend));
      expect(trend.descriptorsAfter).toBeLessThanOrEqual(trend.descriptorsBefore + DESCRIPTOR_GROWTH);
      expect(trend.memoryAfterMb).toBeLessThan(trend.memoryBeforeMb * MEMORY_GROWTH);
    }
    note(context, { journal_mb: Math.round(statSync(join(stage.home, 'gateway.db')).size / 1e5) / 10 });
  });
});

function figuresOf(crowd: Crowd, { drains, overstays }: Operator, journal: readonly JournaledTurn[]) {
  return {
    messages_sent: crowd.sent.length,
    accepted: crowd.sent.filter(({ acknowledged }) => acknowledged).length,
    lost: crowd.sent.filter(({ acknowledged, answers }) => acknowledged && answers.size === 0).length,
    answered_twice: crowd.sent.filter(({ answers }) => answers.size > 1).length,
    refusals: crowd.refusals,
    drains: drains.length,
    accepted_under_a_drain: acceptedUnderDrain(journal, drains).length,
    replayed: journal.filter(({ attempts }) => attempts > 1).length,
    told_interrupted: journal.filter(({ status }) => status === 'interrupted').length,
    longest_overstay_of_a_forgotten_drain_ms: Math.max(0, ...overstays),
    longest_silence_without_a_drain_ms: longestSilence(crowd.acknowledgements, drains),
  };
}

/** The longest time in which nothing was accepted, a restart or crash included, and no drain was in force. */
function longestSilence(acknowledgements: readonly number[], drains: readonly DrainWindow[]): number {
  const silences = acknowledgements.slice(1).map((at, n) => {
    const before = acknowledgements[n] ?? at;
    const drained = drains.map(({ from, to }) => Math.max(0, Math.min(to, at) - Math.max(from, before)));
    return at - before - drained.reduce((sum, part) => sum + part, 0);
  });
  return Math.max(0, ...silences);
}

/** For each turn, how often its session was told of its end. */
async function timesTold(stage: Stage, journal: readonly JournaledTurn[]): Promise<ReadonlyMap<string, number>> {
  const told = new Map<string, number>();
  for (const [session, turns] of Map.groupBy(journal, (turn) => turn.session)) {
    const ends = (events: readonly { readonly type: string }[]) => events.filter(({ type }) => type === 'turn');
    const all = await sessionEvents(stage.url, session, (events) => ends(events).length >= turns.length);
    for (const { type, data } of all) {
      const id = String(data.turn_id);
      if (type === 'turn') told.set(id, (told.get(id) ?? 0) + 1);
    }
  }
  return told;
}

function trendFigures(program: string, trend: Trend) {
  return {
    [`${program}_memory`]: `${trend.memoryBeforeMb} -> ${trend.memoryAfterMb} MB`,
    [`${program}_descriptors`]: `${trend.descriptorsBefore} -> ${trend.descriptorsAfter}`,
  };
}

/** `cutThePower` -> `cut_the_power`. */
function wordsOf(deed: string): string {
  return deed.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
