import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  clearDrainRequest,
  DRAIN_LOCK_FILENAME,
  DRAIN_REQUEST_FILENAME,
  drainRequestSchema,
  readDrainVerdict,
  writeDrainRequest,
} from '@hermes/drain-contract';
import { median } from 'simple-statistics';
import { expect, onTestFinished, test } from 'vitest';
import { chooseSeed, randomNumbers } from '../seed.ts';
import { snapshotWriter, WriterPool } from './crash-writers.ts';

// HERMES_SEED=N plays the same delays again.
const KILLS = Number(process.env.HERMES_WRITER_KILLS || 100);
const POOL_SIZE = 4;

test(`${KILLS} writers that are killed at any instant leave a whole marker or none`, { timeout: 400_000 }, async () => {
  const { home, work } = temporaryHome();
  const seed = chooseSeed();
  console.info(`HERMES_SEED=${seed}`);
  const random = randomNumbers(seed);
  await using pool = new WriterPool(await snapshotWriter(work), home, POOL_SIZE);
  const maxLifeMs = 3 * (await writingTime(work));
  const reader = new Reader(home);
  const left = { 'no marker': 0, 'a whole marker': 0 };
  const temporaries = new Set<string>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const writer = await pool.take();
    await writer.go();
    await instant(random() * maxLifeMs);
    await writer.kill();
    left[reader.look() === 'absent' ? 'no marker' : 'a whole marker'] += 1;
    for (const name of temporaryFiles(home)) temporaries.add(name);
  }
  const looks = await reader.stop();
  const outcomes = { ...left, 'a temporary file as well': temporaries.size };
  console.info(`${KILLS} kills left ${JSON.stringify(outcomes)}; looks: ${JSON.stringify(looks)}`);
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(KILLS / 100);
  expect(Math.min(looks.absent, looks.current)).toBeGreaterThan(KILLS / 100);

  const [young = '', ...old] = temporaryFiles(home);
  setAge(join(home, young), 0);
  for (const name of old) setAge(join(home, name), 61);
  await writeDrainRequest({ home });
  expect(readdirSync(home).sort()).toEqual([young, DRAIN_LOCK_FILENAME, DRAIN_REQUEST_FILENAME].sort());
  await clearDrainRequest({ home });
});

/** How long a marker takes to be written and removed here, in ms: a slow disk's writers are given longer lives. */
async function writingTime(directory: string): Promise<number> {
  const home = mkdtempSync(join(directory, 'timed-'));
  const times: number[] = [];
  for (let n = 0; n < 11; n += 1) {
    const start = performance.now();
    await writeDrainRequest({ home });
    await clearDrainRequest({ home });
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Looks at the marker all the while, and whenever it is asked to. */
class Reader {
  readonly #home: string;
  readonly #looks = { absent: 0, current: 0 };
  readonly #polling: Promise<void>;
  #stopped = false;
  #failure: { error: unknown } | undefined;

  constructor(home: string) {
    this.#home = home;
    this.#polling = this.#poll();
  }

  /** @throws Error when there is anything but a whole marker or none, now or at an earlier look. */
  look(): 'absent' | 'current' {
    if (this.#failure) throw this.#failure.error;
    const verdict = readDrainVerdict({ home: this.#home });
    if (verdict.reason === 'absent') {
      this.#looks.absent += 1;
      return 'absent';
    }
    const { data } = drainRequestSchema.safeParse(verdict.body);
    if (verdict.reason !== 'current' || !isDeepStrictEqual(data, verdict.body))
      throw new Error(`neither a whole marker nor none: ${JSON.stringify(verdict)}`);
    this.#looks.current += 1;
    return 'current';
  }

  async stop(): Promise<Readonly<Record<'absent' | 'current', number>>> {
    this.#stopped = true;
    await this.#polling;
    this.look();
    return this.#looks;
  }

  async #poll(): Promise<void> {
    onTestFinished(() => {
      this.#stopped = true;
    });
    while (!this.#stopped && !this.#failure) {
      try {
        this.look();
      } catch (error) {
        this.#failure = { error };
      }
      await delay(0.5);
    }
  }
}

/** Resolves after `ms`, more exactly than a timer alone could. */
async function instant(ms: number): Promise<void> {
  const end = performance.now() + ms;
  await delay(Math.floor(ms));
  while (performance.now() < end);
}

/** @param age in seconds. */
function setAge(path: string, age: number): void {
  const time = Date.now() / 1_000 - age;
  utimesSync(path, time, time);
}

function temporaryFiles(home: string): string[] {
  return readdirSync(home).filter((name) => name.endsWith('.tmp'));
}

function temporaryHome(): { home: string; work: string } {
  const work = mkdtempSync(join(tmpdir(), 'hermes-crash-'));
  onTestFinished(() => rmSync(work, { recursive: true, force: true }));
  const home = join(work, 'home');
  mkdirSync(home);
  return { home, work };
}
