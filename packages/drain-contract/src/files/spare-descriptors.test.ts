import { readdirSync, readFileSync } from 'node:fs';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { drainRequestPath } from '../marker/path.ts';
import { writeDrainRequest } from '../marker/write.ts';
import { writeGatewayState } from '../state/file.ts';
import { gatewayState } from '../testing/gateway-states.ts';
import { commandLine, run } from '../testing/programs.ts';
import { holdSpareDescriptors } from './spare-descriptors.ts';

/** What a process without a free descriptor tells of a drained home, twice and then once with descriptors. */
async function seenWithoutDescriptors(spares: number) {
  const home = temporaryDirectory();
  const { request_id } = await writeDrainRequest({ home, epoch: 'e', suppressNotification: true });
  await writeGatewayState(gatewayState({ epoch: 'e' }), { home });
  const args = commandLine('without-descriptors', home, temporaryDirectory(), `${spares}`);
  const [seen] = run(['bash', '-c', 'ulimit -n 40; exec "$@"', 'bash', ...args]) as [unknown[]];
  const marker = JSON.parse(readFileSync(drainRequestPath({ home }), 'utf8')) as Record<string, unknown>;
  expect(marker).toMatchObject({ request_id });
  expect(readdirSync(home).sort()).toEqual(['.drain_request.json', '.drain_request.lock', 'gateway_state.json']);
  return { seen, principal: marker['principal'] };
}

describe('a process whose descriptors are used up', () => {
  it('does not take that for an answer: it is quiet, sees an absent marker, and changes nothing on a guess', async () => {
    const { seen, principal } = await seenWithoutDescriptors(0);
    const round = ['false unavailable EMFILE', true, false, false, 'EMFILE', ...Array(4).fill('unavailable')];
    expect(seen).toEqual(['EMFILE', ...round, ...round, 'true current']);
    expect(principal).toBe('drain-control');
  });

  it('sees the marker and publishes all the same with spare descriptors, time and again', async () => {
    const { seen, principal } = await seenWithoutDescriptors(5);
    const round = ['true current', true, true, false, 'seen', 'done', 'done', 'request_mismatch', 'done'];
    expect(seen).toEqual(['EMFILE', ...round, ...round, 'true current']);
    expect(principal).toBe('refresher');
  });
});

it('gives spare descriptors back when they are no longer held', () => {
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  const spares = holdSpareDescriptors();
  const more = holdSpareDescriptors(2);
  expect(open()).toBe(before + 7);
  spares[Symbol.dispose]();
  expect(open()).toBe(before + 2);
  more[Symbol.dispose]();
  expect(open()).toBe(before);
});
