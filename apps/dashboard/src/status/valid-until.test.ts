import { writeDrainRequest, writeGatewayState } from '@hermes/drain-contract';
import { expect, test, vi } from 'vitest';
import { gatewayState } from '../testing/gateway.ts';
import { temporaryHome } from '../testing/home.ts';
import { readProfileStatus } from './read.ts';
import { validUntil } from './valid-until.ts';

const NOW = Date.UTC(2026, 0, 2);

/** The status `later` ms after a gateway with `state` and a drain of a minute were written. */
async function statusOf(state: string, drains: boolean, later = 0, leadSeconds = 0) {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  const home = temporaryHome();
  await writeGatewayState({ ...gatewayState(), gateway_state: state as 'running' }, { home });
  if (drains) await writeDrainRequest({ home, maxAgeSeconds: 10, leadSeconds });
  vi.setSystemTime(NOW + later);
  const status = readProfileStatus({ name: 'default', home });
  vi.useRealTimers();
  return status;
}

test.each<[what: string, state: string, drains: boolean, until: number]>([
  ['a live gateway until its heartbeat is too old', 'running', false, 29_999],
  ['a drain until it expires', 'stopped', true, 10_000],
  ['both until the first of them', 'running', true, 10_000],
  ['a gateway that has stopped for good', 'stopped', false, Number.POSITIVE_INFINITY],
])('%s', async (_what, state, drains, until) => {
  expect(validUntil(await statusOf(state, drains)) - NOW).toBe(until);
  if (until === Number.POSITIVE_INFINITY) return;
  const [before, after] = [await statusOf(state, drains, until), await statusOf(state, drains, until + 1)];
  expect([before.gateway.live, before.verdict.active]).not.toEqual([after.gateway.live, after.verdict.active]);
});

test('an announced drain until it is in force', async () => {
  expect(validUntil(await statusOf('stopped', true, 0, 2)) - NOW).toBe(1_999);
  expect((await statusOf('stopped', true, 1_999, 2)).verdict.reason).toBe('announced');
  expect((await statusOf('stopped', true, 2_000, 2)).verdict.active).toBe(true);
});
