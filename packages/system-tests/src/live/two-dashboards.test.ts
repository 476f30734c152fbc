import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { drainRequestPath, readDrainVerdict } from '@hermes/drain-contract';
import type { Answer } from '@hermes/local-stack';
import { memoryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { chooseSeed, randomNumbers } from '../seed.ts';
import { type Dashboard, TwoDashboards } from './two-dashboards.ts';

// HERMES_SEED=N plays the same instants again.
const RACES = amount('HERMES_RACES', 40, 100);
/** How often one dashboard is stopped or killed; each takes seconds. */
const BLOWS = Math.ceil(RACES / 50);
const TIMEOUT = 120_000 + RACES * 1_000;
const IF_NONE = { 'if-none-match': '*' };
const EXPIRED = '{"action":"drain","requested_at":"2020-01-01T00:00:00Z"}';

test(`of two dashboards that begin at the same time, one does, ${RACES} times`, { timeout: TIMEOUT }, async () => {
  await using two = await TwoDashboards.start(memoryDirectory());
  const path = drainRequestPath({ home: two.home });
  for (let race = 0; race < RACES; race += 1) {
    await two.both[0].cancel();
    if (race % 2 === 1) writeFileSync(path, EXPIRED);
    const answers = await Promise.all(two.both.map((dashboard) => dashboard.begin(IF_NONE)));
    expect(answers.map(({ status }) => status).sort(), `race ${race}`).toEqual([200, 412]);
    const { request_id } = answers.find(({ status }) => status === 200)?.body ?? {};
    expect(readDrainVerdict({ home: two.home })).toMatchObject({ active: true, request: { request_id } });
    const refused = answers.find(({ status }) => status === 412);
    expect(refused?.body).toMatchObject({ code: 'request-mismatch', holder: { request_id } });
  }
  await expectWholeAudit(two);
});

test(`the cancel of a drain that is named never removes a later one, ${RACES} times`, {
  timeout: TIMEOUT,
}, async () => {
  await using two = await TwoDashboards.start(memoryDirectory());
  const [one, other] = two.both;
  for (let race = 0; race < RACES; race += 1) {
    await one.cancel();
    const { request_id: first } = (await one.begin()).body;
    const begun = one.cancel().then(() => one.begin(IF_NONE));
    const [cancelled, second] = await Promise.all([other.cancel({ 'if-match': `"${first}"` }), begun]);
    expect([second.status, [200, 412].includes(cancelled.status)], `race ${race}`).toEqual([200, true]);
    const { request_id } = second.body;
    expect(readDrainVerdict({ home: two.home }), `race ${race}`).toMatchObject({
      active: true,
      request: { request_id },
    });
  }
  await expectWholeAudit(two);
});

test('a dashboard that is stopped holds up no request at the other, and breaks nothing when it goes on', {
  timeout: TIMEOUT,
}, async () => {
  const random = randomly();
  await using two = await TwoDashboards.start();
  const [one, other] = two.both;
  await using crowd = new Crowd();
  crowd.join(one, 4);
  crowd.join(other, 8);
  for (let blow = 0; blow < BLOWS; blow += 1) {
    await delay(random() * 300);
    other.signal('SIGSTOP');
    try {
      const before = crowd.answeredBy(one);
      // Longer than any wait for a lock, so that one that is not kept would be seen.
      await delay(2_500);
      await eventually(() => expect(crowd.answeredBy(one)).toBeGreaterThan(before + 8));
    } finally {
      other.signal('SIGCONT');
    }
  }
  await crowd.leave();
  expect(crowd.failures((answer) => answer.status === 200 || answer.body.code === 'marker-locked')).toEqual([]);
  await expectWholeAudit(two);
});

test('a dashboard that is killed holds up no request at the other, and loses no entry of the audit', {
  timeout: TIMEOUT,
}, async () => {
  const random = randomly();
  await using two = await TwoDashboards.start();
  await using crowd = new Crowd();
  crowd.join(two.both[0], 4);
  for (let blow = 0; blow < BLOWS; blow += 1) {
    const leaving = crowd.join(two.both[1], 4);
    await delay(random() * 300);
    const killed = two.both[1].kill();
    await Promise.all([killed, leaving()]);
    await two.replaceSecond();
  }
  await crowd.leave();
  expect(crowd.failures((answer) => answer.status === 200)).toEqual([]);
  await expectWholeAudit(two);
  const reasons = new Set(entriesOf(two.home).map(({ reason }) => reason));
  expect(crowd.acknowledged.length).toBeGreaterThan(0);
  expect(crowd.acknowledged.filter((reason) => !reasons.has(reason))).toEqual([]);
});

function randomly(): () => number {
  const seed = chooseSeed();
  console.info(`HERMES_SEED=${seed}`);
  return randomNumbers(seed);
}

/** Clients that begin and cancel drains all the time. */
class Crowd implements AsyncDisposable {
  /** The reasons of the drains that were answered with 200. */
  readonly acknowledged: string[] = [];
  readonly #answers: { readonly dashboard: Dashboard; readonly answer: Answer }[] = [];
  readonly #clients: { readonly done: Promise<void>; end(): void }[] = [];
  #count = 0;

  /** So many more clients at `dashboard`. @returns what ends them, and waits for it. */
  join(dashboard: Dashboard, clients: number): () => Promise<void> {
    const joined = Array.from({ length: clients }, () => this.#start(dashboard));
    this.#clients.push(...joined);
    return () => leave(joined);
  }

  answeredBy(dashboard: Dashboard): number {
    return this.#answers.filter((each) => each.dashboard === dashboard).length;
  }

  /** The answers other than those that are `allowed`. */
  failures(allowed: (answer: Answer) => boolean): unknown[] {
    return this.#answers.filter(({ answer }) => !allowed(answer)).map(({ answer }) => [answer.status, answer.body]);
  }

  async leave(): Promise<void> {
    await leave(this.#clients);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }

  #start(dashboard: Dashboard) {
    let isEnded = false;
    const run = async () => {
      while (!isEnded) {
        const reason = `request ${this.#count++}`;
        const isCancel = this.#count % 4 === 0;
        const answer = await (isCancel ? dashboard.cancel() : dashboard.begin({}, reason)).catch((error) => {
          if (!dashboard.isKilled) throw error;
        });
        if (!answer) return;
        this.#answers.push({ dashboard, answer });
        if (!isCancel && answer.status === 200) this.acknowledged.push(reason);
      }
    };
    const end = () => {
      isEnded = true;
    };
    return { done: run(), end };
  }
}

async function leave(clients: readonly { readonly done: Promise<void>; end(): void }[]): Promise<void> {
  for (const client of clients) client.end();
  await Promise.all(clients.map((client) => client.done));
}

interface Entry {
  readonly seq: number;
  readonly reason: string | null;
}

function entriesOf(home: string): Entry[] {
  const logs = join(home, 'logs');
  const names = readdirSync(logs).filter((name) => name.startsWith('drain-audit.jsonl'));
  return names.flatMap((name) => {
    const lines = readFileSync(join(logs, name), 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Entry);
  });
}

/** Entries may still be written when their answers have come: those that came while a dashboard was stopped. */
async function expectWholeAudit({ home, both }: TwoDashboards): Promise<void> {
  const look = async () => {
    for (const dashboard of both) {
      const { body } = await dashboard.verifyAudit();
      const entries = entriesOf(home);
      const { length } = entries;
      const last_hash = expect.stringMatching(/^[0-9a-f]{64}$/);
      expect(body).toEqual({
        ok: true,
        entries: length,
        broken_at: null,
        detail: null,
        first: 1,
        last: length,
        last_hash,
      });
      expect(new Set(entries.map(({ seq }) => seq)).size).toBe(entries.length);
    }
  };
  await eventually(look);
}
