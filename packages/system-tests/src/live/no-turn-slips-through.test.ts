import { Agent, request } from 'node:http';
import type { StackClient } from '@hermes/local-stack';
import { expect, test } from 'vitest';
import { Testbed } from './testbed.ts';

const CYCLES = Number(process.env.HERMES_CYCLES || 400);
const CLIENTS = 8;
const MAX_MS = 180_000;

/** One message: when it was sent and what became of it. Times are `performance.now()`. */
interface Attempt {
  readonly sentAt: number;
  readonly status: number;
}

/** A drain in force: from the answer to its begin until its cancel was sent. */
interface Drain {
  readonly begunAt: number;
  readonly cancelledAt: number;
}

test(`no message sent under a drain is accepted in ${CYCLES} cycles with ${CLIENTS} clients`, {
  timeout: MAX_MS + 30_000,
}, async () => {
  await using testbed = await Testbed.start();
  const crowd = new Crowd(testbed.gateway.url);
  const drains = await cycle(testbed.client, crowd).finally(() => crowd.leave());

  const accepted = crowd.attempts.filter((attempt) => attempt.status === 200);
  const refused = crowd.attempts.filter((attempt) => attempt.status === 503);
  console.info(`${drains.length} drains, ${accepted.length} messages accepted, ${refused.length} refused`);
  expect(drains).toHaveLength(CYCLES);
  expect(accepted.length + refused.length).toBe(crowd.attempts.length);
  expect(accepted.length).toBeGreaterThan(CYCLES);
  expect(refused.length).toBeGreaterThan(CYCLES);
  expect(accepted.filter((attempt) => sentDuring(drains, attempt.sentAt))).toEqual([]);
});

/** Begins each drain under full load, keeps it for some messages, and cancels it when every answer is in. */
async function cycle(operator: StackClient, crowd: Crowd): Promise<Drain[]> {
  const drains: Drain[] = [];
  while (drains.length < CYCLES) {
    crowd.enter();
    await crowd.answers(CLIENTS);
    expect((await operator.beginDrain()).status).toBe(200);
    const begunAt = performance.now();
    await crowd.answers(CLIENTS);
    // A message on its way while the cancel is carried out may rightly be accepted: let there be none.
    await crowd.pause();
    drains.push({ begunAt, cancelledAt: performance.now() });
    expect((await operator.cancelDrain()).status).toBe(200);
  }
  return drains;
}

/** Clients that send one message after another, each on a connection and in a session of its own. */
class Crowd {
  readonly attempts: Attempt[] = [];
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #deadline = performance.now() + MAX_MS;
  #clients: Promise<unknown> = Promise.resolve();
  #inside = false;

  constructor(url: string) {
    this.#url = url;
  }

  enter(): void {
    this.#inside = true;
    this.#clients = Promise.all(Array.from({ length: CLIENTS }, (_, n) => this.#talk(`client-${n}`)));
  }

  /** Resolves when every message that was sent has been answered, and none is sent any more. */
  async pause(): Promise<void> {
    this.#inside = false;
    await this.#clients;
  }

  /** Resolves when `count` more messages have been answered. */
  async answers(count: number): Promise<void> {
    const goal = this.attempts.length + count;
    while (this.attempts.length < goal) {
      if (performance.now() > this.#deadline) throw new Error(`no more answers after ${this.attempts.length}`);
      await new Promise(setImmediate);
    }
  }

  async leave(): Promise<void> {
    await this.pause();
    this.#agent.destroy();
  }

  async #talk(session: string): Promise<void> {
    const body = JSON.stringify({ session, text: 'x' });
    while (this.#inside) {
      const sentAt = performance.now();
      this.attempts.push({ sentAt, status: await post(`${this.#url}/v1/messages`, body, this.#agent) });
    }
  }
}

function post(url: string, body: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const sent = request(url, { method: 'POST', agent, headers, timeout: 10_000 }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer within 10 s'))).on('error', reject);
    sent.end(body);
  });
}

function sentDuring(drains: readonly Drain[], time: number): boolean {
  return drains.some((drain) => time > drain.begunAt && time < drain.cancelledAt);
}
