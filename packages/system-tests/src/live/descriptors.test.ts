import { expect, test } from 'vitest';
import { Testbed } from './testbed.ts';
import { Connections } from './torture/faults/connections.ts';

/** A shell that lets a program have so many files open. */
const limited = (descriptors: number) => ['sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh'];

test.each([64, 256])(
  'with %d descriptors and more idle connections, turns run, drains hold, and nothing is guessed',
  async (limit) => {
    const within = { gateway: limited(limit), dashboard: limited(limit) };
    await using testbed = await Testbed.start({ within });
    using _toGateway = await holdOpen(testbed.gateway.url, limit + 40);
    using _toDashboard = await holdOpen(testbed.dashboard.url, limit + 40);
    expect(await testbed.client.say('anna', 'hello')).toMatchObject({ status: 200, body: { reply: 'hello' } });

    const { request_id } = (await testbed.client.beginDrain()).body;
    for (let n = 0; n < 20; n++) {
      expect(await testbed.client.say(`session-${n}`, 'hello')).toMatchObject({
        status: 503,
        body: { code: 'draining' },
      });
    }
    expect((await testbed.client.untilDrained(20)).body).toMatchObject({ request_id, safe_to_stop: true });
    await testbed.client.cancelDrain();
    await expect.poll(async () => (await testbed.client.say('anna', 'again')).status).toBe(200);
  },
);

/** Connections that never say anything. */
async function holdOpen(url: string, count: number): Promise<Disposable> {
  const connections = new Connections();
  await connections.open(Number(new URL(url).port), count, '');
  return connections;
}
