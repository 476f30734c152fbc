import { writeFileSync } from 'node:fs';
import { drainRequestPath, gatewayStatePath, writeDrainRequest, writeGatewayState } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { gatewayState, turnInFlight } from '../testing/gateway.ts';
import { temporaryHome } from '../testing/home.ts';
import { ProfileReader } from './read.ts';

function read(home: string) {
  const reader = new ProfileReader({ home, serviceOf: () => null, restartOf: () => null });
  return reader.read({ name: 'default', home });
}

test('tells everything of a live gateway', async () => {
  const home = temporaryHome();
  const active_work = [turnInFlight('1'), { ...turnInFlight('2'), stalled: true }];
  const state = { ...gatewayState({ active_agents: 2, active_work, endpoint: 'http://x' }), queued_turns: 3 };
  await writeGatewayState(state, { home });
  expect(read(home)).toMatchObject({
    gateway_busy: true,
    gateway_drainable: true,
    stalled: true,
    started_at: state.started_at,
    heartbeat_at: state.updated_at,
    version: '0.0.0',
    endpoint: 'http://x',
    restart_drain_timeout: 30,
    active_work,
    queued_turns: 3,
    refused_turns: 0,
    request: null,
  });
});

test('of a gateway that is not live, tells only what is still true', async () => {
  const home = temporaryHome();
  const state = gatewayState({ gateway_state: 'stopped', active_work: [turnInFlight('1')], endpoint: 'http://x' });
  await writeGatewayState({ ...state, ...{ queued_turns: 3 } }, { home });
  expect(read(home)).toMatchObject({
    started_at: null,
    heartbeat_at: state.updated_at,
    endpoint: null,
    active_work: [],
    stalled: false,
    queued_turns: null,
  });
});

test('tells who asked for a drain, and what became of it', async () => {
  const home = temporaryHome();
  const marker = await writeDrainRequest({ home, principal: 'ci', reason: 'update', suppressNotification: true });
  expect(read(home)).toMatchObject({
    draining: true,
    request: {
      request_id: marker.request_id,
      principal: 'ci',
      reason: 'update',
      requested_at: marker.requested_at,
      expires_at: expect.stringMatching(/^\d{4}-/),
      suppress_notification: true,
      verdict: { active: true, reason: 'current' },
    },
  });
  writeFileSync(drainRequestPath({ home }), JSON.stringify({ ...marker, requested_at: '2020-01-01T00:00:00Z' }));
  expect(read(home)).toMatchObject({
    draining: false,
    request: { expires_at: null, verdict: { active: false, reason: 'expired' } },
  });
});

test.each(['{"gateway_state":5', '[]', '{"queued_turns":-1,"refused_turns":"many","started_at":"x","updated_at":7}'])(
  'says nothing wrong about a state file that holds %s',
  (text) => {
    const home = temporaryHome();
    writeFileSync(gatewayStatePath({ home }), text);
    expect(read(home)).toMatchObject({
      gateway_running: false,
      safe_to_stop: false,
      heartbeat_at: null,
      started_at: null,
      queued_turns: null,
      refused_turns: null,
    });
  },
);
