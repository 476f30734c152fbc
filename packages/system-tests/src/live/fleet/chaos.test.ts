import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { amount } from '../../amount.ts';
import { drives } from '../../platforms/drives.ts';
import { chooseSeed, randomNumbers } from '../../seed.ts';
import { Chaos } from './chaos.ts';
import { lacksServers, Stage } from './stage.ts';

drives('postgres', 'random kills, freezes and outages of three gateways and their database', {
  PostgreSQL: '/usr/lib/postgresql/*/bin/postgres --version',
});

const CLIENTS = Number(process.env.HERMES_FLEET_CLIENTS || 30);
const TURN_MS = Number(process.env.HERMES_FLEET_TURN_MS || 300);
const SECONDS = amount('HERMES_CHAOS_SECONDS', 10, 30);

const SEED = chooseSeed();

describe.skipIf(lacksServers())('three gateways that share a journal', () => {
  test(`answer each message once in ${SECONDS} s of random faults`, { timeout: (SECONDS + 600) * 1_000 }, async () => {
    console.info(`seed ${SEED}`);
    const route = { balancer: 'naive', isSticky: false } as const;
    await using stage = await Stage.start({ ...route, clients: CLIENTS, turnMs: TURN_MS, doesRepeat: true });
    const chaos = new Chaos(stage, randomNumbers(SEED));
    for (const end = Date.now() + SECONDS * 1_000; Date.now() < end; ) {
      await chaos.fault();
      await delay(chaos.pause());
    }
    await chaos.repair();
    await stage.moreAnswers(CLIENTS * 2);
    console.info(chaos.story.join(', '));
    const messages = await stage.judge(chaos.cutOff);
    const replies = messages.flatMap((message) => [...message.replies]);
    const interrupted = replies.filter((reply) => reply === 'interrupted').length;
    const refused = messages.flatMap((message) => message.refused);
    console.info(
      `seed ${SEED}: ${messages.length} messages, ${interrupted} interrupted, ` +
        `${stage.observer.runs.length - messages.length} started again, ${refused.length} refused`,
    );
    expect(new Set(refused).difference(ALLOWED_REFUSALS)).toEqual(new Set());
  });
});

/** While the database is away, or all gateways drain. */
const ALLOWED_REFUSALS = new Set(['storage-unavailable', 'draining', 'starting', 'no-gateway']);
