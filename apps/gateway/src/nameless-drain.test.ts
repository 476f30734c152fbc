import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { openJournal } from './testing/journals.ts';
import { markerPath, putMarker } from './testing/markers.ts';

/** Begins or refreshes a drain as the reference system does, which knows no ids, and waits until that is seen. */
async function refresh(gateway: GatewayProcess, second: number): Promise<void> {
  const requested_at = new Date(Date.now() - 60_000 + second * 1_000).toISOString();
  putMarker(gateway.home, { requested_at });
  await eventually(() => expect(gateway.state).toMatchObject({ gateway_state: 'draining', drain: { requested_at } }));
}

async function cancel(gateway: GatewayProcess): Promise<void> {
  rmSync(markerPath(gateway.home));
  await eventually(() => expect(gateway.state?.gateway_state).toBe('running'));
}

async function refuse(gateway: GatewayProcess): Promise<void> {
  expect((await gateway.post({ session: 's', text: 'hello' })).status).toBe(503);
}

/** What the session was notified of, once there is as much of it. */
async function notices(home: string, count: number): Promise<unknown[]> {
  const journal = openJournal(join(home, 'gateway.db'));
  const read = async () => (await journal.eventsAfter('s', 0, 100)).map(({ data }) => data.notice);
  await eventually(async () => expect(await read()).toHaveLength(count));
  return read();
}

it('a drain whose marker has no id is one drain through every refresh and a restart of the gateway', async () => {
  const home = temporaryDirectory();
  const first = await startGateway({ home });
  await refresh(first, 0);
  await refuse(first);
  const drain = first.state?.drain;
  for (const second of [1, 2, 3]) {
    await refresh(first, second);
    await refuse(first);
  }
  const { identity, observed_at, drained_at } = drain ?? {};
  expect(first.state?.drain).toMatchObject({ identity, observed_at, drained_at });
  await eventually(() => expect(first.state?.refused_turns).toBe(4));
  expect(await notices(home, 1)).toEqual(['draining']);
  first.kill('SIGKILL');
  await first.exited;

  const second = await startGateway({ home });
  await refresh(second, 4);
  await refuse(second);
  expect(second.state?.drain?.identity).toBe(identity);
  await cancel(second);
  expect(await notices(home, 2)).toEqual(['draining', 'back']);
});

it('a cancel and a new begin without an id are two drains', async () => {
  const gateway = await startGateway({ home: temporaryDirectory() });
  await refresh(gateway, 0);
  await refuse(gateway);
  const before = gateway.state?.drain?.identity;
  await cancel(gateway);
  await refresh(gateway, 1);
  await refuse(gateway);
  expect(gateway.state?.drain?.identity).not.toBe(before);
  expect(await notices(gateway.home, 3)).toEqual(['draining', 'back', 'draining']);
});
