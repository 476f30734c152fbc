import type { LifecycleState } from '@hermes/drain-contract';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { httpGateway } from '../testing/http-gateway.ts';
import { probeRoutes } from './probes.ts';

const CHANNELS = [{ name: 'mail', state: 'connected', since: '', problem: null, waiting: 0, given_up: 0 }];

async function probe(state: LifecycleState, url: string, storageProblem?: string, isAnnounced = false) {
  const app = fastify();
  probeRoutes(app, () => ({ state, active: 3, queued: 2, storageProblem, isAnnounced, channels: CHANNELS }));
  const response = await app.inject(url);
  return [response.statusCode, response.json()];
}

describe('the probes', () => {
  it.each<[state: LifecycleState, ready: number]>([
    ['starting', 503],
    ['running', 200],
    ['draining', 503],
    ['stopping', 503],
    ['stopped', 503],
    ['startup_failed', 503],
  ])('report a gateway that is %s as live, and /readyz answers %i', async (state, ready) => {
    const status = state === 'running' ? 'ok' : state;
    const figures = { gateway_state: state, active_agents: 3, queued_turns: 2, channels: CHANNELS };
    expect(await probe(state, '/livez')).toEqual([200, { status: 'ok', pid: process.pid }]);
    expect(await probe(state, '/readyz')).toEqual([ready, { status }]);
    expect(await probe(state, '/readyz?verbose')).toEqual([ready, { status, ...figures }]);
    expect(await probe(state, '/readyz?verbose=1&x')).toEqual([ready, { status, ...figures }]);
  });

  it('say that a gateway that cannot store anything lives and is not ready, and why', async () => {
    const figures = {
      gateway_state: 'running',
      active_agents: 3,
      queued_turns: 2,
      channels: CHANNELS,
      storage_problem: 'disk full',
    };
    expect(await probe('running', '/livez', 'disk full')).toEqual([200, { status: 'ok', pid: process.pid }]);
    expect(await probe('running', '/readyz', 'disk full')).toEqual([503, { status: 'storage-unavailable' }]);
    expect(await probe('running', '/readyz?verbose', 'disk full')).toEqual([
      503,
      { status: 'storage-unavailable', ...figures },
    ]);
  });

  it('say that a gateway to which a drain is announced lives and is not ready', async () => {
    const figures = { gateway_state: 'running', active_agents: 3, queued_turns: 2, channels: CHANNELS };
    expect(await probe('running', '/livez', undefined, true)).toEqual([200, { status: 'ok', pid: process.pid }]);
    expect(await probe('running', '/readyz', undefined, true)).toEqual([503, { status: 'announced' }]);
    expect(await probe('running', '/readyz?verbose', undefined, true)).toEqual([
      503,
      { status: 'announced', ...figures },
    ]);
    expect(await probe('draining', '/readyz', undefined, true)).toEqual([503, { status: 'draining' }]);
  });

  it('report the metrics of their own gateway', async () => {
    const { url, post, gateway } = await httpGateway();
    for (let message = 0; message < 3; message++) await post({ session: 's', text: 'a' }, { prefer: 'wait=0' });
    const ready = await fetch(`${url}/readyz?verbose`);
    expect(await ready.json()).toMatchObject({
      status: 'ok',
      gateway_state: 'running',
      active_agents: 1,
      queued_turns: 2,
    });
    gateway.stop();
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
  });
});
