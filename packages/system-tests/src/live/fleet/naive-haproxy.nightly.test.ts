import { fileURLToPath } from 'node:url';
import { lacking, runs } from '@hermes/test-kit';
import { describe, expect, test } from 'vitest';
import { drives } from '../../platforms/drives.ts';
import type { Message } from './clients.ts';
import { Gateways, SCHEMA } from './gateways.ts';
import { HAProxy } from './haproxy.ts';
import { Observer } from './observer.ts';
import { lacksServers, Stage } from './stage.ts';

drives('proxies', 'what a naive configuration costs', { HAProxy: 'haproxy -v' });

/** The full size: 150 clients, turns of 2000 ms. */
const CLIENTS = Number(process.env.HERMES_FLEET_CLIENTS || 30);
const TURN_MS = Number(process.env.HERMES_FLEET_TURN_MS || 300);
const NAIVE = fileURLToPath(new URL('naive.cfg', import.meta.url));
const elsewhere = (naive: string) => naive.replace('  retry-on', '  option redispatch 1\n  retry-on');

describe.skipIf(lacksServers())('three gateways behind a naive HAProxy', () => {
  test('fail clients when they are stopped without a drain', { timeout: 600_000 }, async () => {
    const load = { clients: CLIENTS, turnMs: TURN_MS, doesRepeat: false };
    await using stage = await Stage.start({ balancer: 'HAProxy', isSticky: true, sample: NAIVE, ...load });
    const { clients, gateways } = stage;
    for (const gateway of gateways.all) {
      const before = costOf(clients.messages).failed;
      await gateway.stop();
      // HAProxy asks no gateway whether it is ready, and takes the next one in turn.
      await expect.poll(() => costOf(clients.messages).failed).toBeGreaterThan(before);
      await gateway.start();
      await stage.moreAnswers(CLIENTS);
    }
    await clients.finish();
    const twice = await stage.database.query(`select text from ${SCHEMA}.turns group by text having count(*) > 1`);
    const { failed, refused, broken } = costOf(clients.messages);
    console.info(
      `naive HAProxy: 3 restarts, ${clients.messages.length} messages, of which ${failed} failed ` +
        `(${refused} tries refused, ${broken} on a broken connection), ${twice.length} stored twice`,
    );
    expect(failed).toBeGreaterThanOrEqual(gateways.all.length);
  });
});

describe.skipIf(lacking('HAProxy (apt-get install haproxy)', runs('haproxy', '-v')))(
  'a gateway that dies in a turn',
  () => {
    test.each([
      ['a naive HAProxy, which has another one run the turn again', { sample: NAIVE, change: elsewhere }, 200, 2],
      ['HAProxy as in the sample, which leaves that to the client', {}, 502, 1],
    ])('behind %s', async (_what, configuration, status, starts) => {
      await using observer = await Observer.start(1_000);
      await using gateways = await Gateways.start({ observer, size: 2 });
      await using haproxy = await HAProxy.start(gateways.all, { isSticky: false, ...configuration });
      const answer = fetch(`${haproxy.url}/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ session: 's', text: 's order-a-taxi' }),
      });
      await expect.poll(() => observer.atWork).toBe(1);
      await gateways.all.find(({ name }) => name === observer.runs[0]?.gateway)?.kill();
      expect((await answer).status).toBe(status);
      expect(observer.runs.map(({ message }) => message)).toEqual(Array(starts).fill('order-a-taxi'));
    });
  },
);

/** How many messages failed, and what their tries met. */
function costOf(messages: readonly Message[]) {
  const failed = messages.filter(({ refused, broken, errors }) => refused.length + broken.length + errors.length > 0);
  const sum = (tries: (message: Message) => readonly string[]) => failed.flatMap(tries).length;
  return { failed: failed.length, refused: sum(({ refused }) => refused), broken: sum(({ broken }) => broken) };
}
