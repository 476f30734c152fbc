import { describe, expect, test } from 'vitest';
import { lacksServers, Stage } from './stage.ts';

/** Longer than a gateway counts turns as its own without the database, longer than a turn. */
const OUTAGE_MS = 8_000;
const CLIENTS = 30;

describe.skipIf(lacksServers())('three gateways that share a journal', () => {
  test('lose no message and never run two turns of a session at once when the database is away', async () => {
    const route = { balancer: 'naive', isSticky: false } as const;
    await using stage = await Stage.start({ ...route, clients: CLIENTS, turnMs: 1_000, doesRepeat: true });
    for (let outage = 0; outage < 3; outage += 1) {
      await stage.database.away(OUTAGE_MS);
      await stage.moreAnswers(2 * CLIENTS);
    }
    const messages = await stage.judge();
    console.info(
      `3 outages, ${messages.length} messages, ${stage.observer.runs.length - messages.length} started again`,
    );
    const refused = new Set(messages.flatMap((message) => message.refused));
    expect(refused.difference(new Set(['storage-unavailable', 'no-gateway']))).toEqual(new Set());
  });
});
