import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it } from 'vitest';
import {
  lacksPython,
  runReference,
  startReferenceDashboard,
  startReferenceGateway,
  toldByReference,
} from './stand-in.ts';

const SECRET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ';
const stateOf = (home: string) => JSON.parse(readFileSync(join(home, 'gateway_state.json'), 'utf8'));

describe.skipIf(lacksPython)('the stand-in of the reference system', () => {
  it('drains, refuses turns, and comes back, and its dashboard sees it', async () => {
    const home = temporaryDirectory();
    const gateway = await startReferenceGateway({ home });
    expect(await gateway.begin()).toBe('1');
    expect(toldByReference({ home }, 'alive')).toMatchObject({ gateway_running: true, gateway_busy: true });
    expect(toldByReference({ home }, 'drain', '--quiet')).toMatchObject({
      action: 'drain',
      suppress_notification: true,
    });
    await eventually(() => expect(stateOf(home)).toMatchObject({ gateway_state: 'draining', active_agents: 1 }));
    expect(await gateway.begin()).toBe('refused');
    expect(await gateway.end()).toBe('0');
    expect(toldByReference({ home }, 'alive')).toMatchObject({ drained: true, gateway_drainable: false });
    expect(toldByReference({ home }, 'cancel')).toEqual({ was_draining: true });
    await eventually(() => expect(stateOf(home)).toMatchObject({ gateway_state: 'running' }));
  });

  it('does not write its state while it is idle', async () => {
    const home = temporaryDirectory();
    await startReferenceGateway({ home, env: { STAND_IN_INTERVAL: '0.001' } });
    const { ino } = statSync(join(home, 'gateway_state.json'));
    for (let look = 0; look < 5; look += 1) toldByReference({ home }, 'alive');
    expect(statSync(join(home, 'gateway_state.json')).ino).toBe(ino);
  });

  it('lets one gateway serve a home, and the next one after a kill', async () => {
    const home = temporaryDirectory();
    const gateway = await startReferenceGateway({ home });
    expect(runReference({ home }, 'gateway', 'run')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/holds/),
    });
    await gateway.kill('SIGKILL');
    expect(toldByReference({ home }, 'alive')).toMatchObject({ gateway_running: false });
    await startReferenceGateway({ home });
  });

  it('says with a planned stop that it stays down, and after a signal that it comes back', async () => {
    const home = temporaryDirectory();
    const gateway = await startReferenceGateway({ home });
    await gateway.kill('SIGTERM');
    expect(stateOf(home)).toMatchObject({ gateway_state: 'running', exit_reason: 'signal' });
    await startReferenceGateway({ home });
    runReference({ home }, 'gateway', 'stop');
    await eventually(() => expect(stateOf(home)).toMatchObject({ gateway_state: 'stopped', desired_state: 'stopped' }));
  });

  it('keeps the fields of the state that it does not know', async () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'gateway_state.json'), '{"epoch":"of another writer"}');
    await startReferenceGateway({ home });
    expect(stateOf(home)).toMatchObject({ epoch: 'of another writer', kind: 'hermes-gateway' });
  });

  it('drains by its dashboard, also for a body that cannot be parsed', async () => {
    const home = temporaryDirectory();
    const url = await startReferenceDashboard({ home, env: { HERMES_DASHBOARD_DRAIN_SECRET: SECRET } });
    const post = async (body: string) => {
      const headers = { authorization: `Bearer ${SECRET}` };
      const response = await fetch(`${url}/api/gateway/drain`, { method: 'POST', headers, body });
      return [response.status, await response.json()];
    };
    expect(await post('{')).toMatchObject([200, { draining: true, suppress_notification: false }]);
    expect(await post('{"action":" CANCEL "}')).toMatchObject([200, { was_draining: true }]);
    expect(await post('{"action":"restart"}')).toMatchObject([400, {}]);
  });

  it('decides at a boot by the desired state, else by the last one', () => {
    const home = temporaryDirectory();
    const scandir = temporaryDirectory();
    const state = (name: string, fields: object) => {
      const own = join(home, 'profiles', name);
      mkdirSync(own, { recursive: true });
      writeFileSync(join(own, 'SOUL.md'), '');
      writeFileSync(join(own, 'gateway_state.json'), JSON.stringify(fields));
    };
    state('degraded', { gateway_state: 'degraded', exit_reason: 'crash' });
    state('down', { gateway_state: 'running', desired_state: 'stopped' });
    state('up', { gateway_state: 'stopped', desired_state: 'running' });
    const lines = runReference({ home }, 'boot', '--scandir', scandir).stdout;
    expect(lines).toMatch(/profile=default prior_state=None action=registered/);
    expect(lines).toMatch(/profile=degraded prior_state=degraded action=started prior_exit=crash/);
    expect(lines).toMatch(/profile=down prior_state=stopped action=registered/);
    expect(lines).toMatch(/profile=up prior_state=running action=started/);
    writeFileSync(join(home, 'config.yaml'), 'multiplex_profiles: true\n');
    expect(runReference({ home }, 'boot', '--scandir', scandir).stdout).toMatch(/profile=up .* action=registered/);
  });
});
