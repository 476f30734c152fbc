import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  currentInstantiationEpoch,
  gatewayStatePath,
  gatewayStateSchema,
  writeDrainRequest,
} from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, vi } from 'vitest';
import { GatewayProcess, logged, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';
import { markerPath, putMarker } from './testing/markers.ts';

const HOLD_LISTEN = new URL('testing/programs/hold-listen.ts', import.meta.url).href;

/** Every state that a process publishes, in order, until `done`. */
async function statesUntil(gateway: GatewayProcess, done: string): Promise<(string | null)[]> {
  const states: (string | null)[] = [];
  await vi.waitUntil(
    () => {
      const { state } = gateway;
      if (state?.pid === gateway.pid && states.at(-1) !== state.gateway_state) states.push(state.gateway_state);
      return states.at(-1) === done;
    },
    { timeout: 120_000, interval: 5 },
  );
  return states;
}

describe('hermes-gateway run', () => {
  it('publishes that it starts and that it runs, and says once that it is ready', async () => {
    const home = temporaryDirectory();
    const gateway = new GatewayProcess({ home, environment: { NODE_OPTIONS: `--import=${HOLD_LISTEN}` } });
    expect(await statesUntil(gateway, 'starting')).toEqual(['starting']);
    expect([gateway.state?.endpoint, gateway.notified, gateway.stdout]).toEqual([null, '', '']);
    gateway.kill('SIGUSR2');
    await statesUntil(gateway, 'running');
    await gateway.ready();
    expect(gateway.notified).toBe('\n');
    expect(gateway.stdout).toBe(`gateway: ${gateway.url} (profile default, home ${home})\n`);
    const published: unknown = JSON.parse(readFileSync(gatewayStatePath({ home }), 'utf8'));
    expect(gatewayStateSchema.parse(published)).toMatchObject({
      gateway_state: 'running',
      pid: gateway.pid,
      epoch: currentInstantiationEpoch(),
      endpoint: gateway.url,
      active_agents: 0,
      drain: null,
      exit: null,
      restart_drain_timeout: 30,
    });
    expect(await fetch(`${gateway.url}/livez`).then(bodyOf)).toEqual({ status: 'ok', pid: gateway.pid });
    expect(await gateway.post({ session: 's', text: 'hello' }).then(bodyOf)).toMatchObject({ reply: 'hello' });
  });

  it('runs without a readiness descriptor', async () => {
    const home = temporaryDirectory();
    const gateway = new GatewayProcess({ home, environment: { HERMES_NOTIFY_FD: '' } });
    await statesUntil(gateway, 'running');
    gateway.kill('SIGTERM');
    expect(await gateway.exited).toMatchObject({ signal: 'SIGTERM' });
  });

  it('continues when the readers of stdout and stderr are gone', async () => {
    const gateway = await startGateway({ home: temporaryDirectory() });
    gateway.stopReading();
    putMarker(gateway.home);
    await eventually(() => expect(gateway.state?.gateway_state).toBe('draining'));
    rmSync(markerPath(gateway.home));
    await eventually(() => expect(gateway.state?.gateway_state).toBe('running'));
    expect((await gateway.post({ session: 's', text: 'hello' })).status).toBe(200);
    gateway.kill('SIGTERM');
    expect(await gateway.exited).toMatchObject({ signal: 'SIGTERM' });
  });

  it('follows a drain and its end without a restart', async () => {
    const gateway = await startGateway({ home: temporaryDirectory() });
    const request = await writeDrainRequest({ home: gateway.home, reason: 'new disk', principal: 'alice' });
    expect((await gateway.post({ session: 's', text: 'hello' })).status).toBe(503);
    await eventually(() => expect(gateway.state?.gateway_state).toBe('draining'));
    expect(gateway.state?.drain).toMatchObject({
      request_id: request.request_id,
      reason: 'new disk',
      principal: 'alice',
      drained_at: expect.any(String),
    });
    rmSync(markerPath(gateway.home));
    await eventually(() => expect(gateway.state).toMatchObject({ gateway_state: 'running', drain: null }));
    expect((await gateway.post({ session: 's', text: 'hello' })).status).toBe(200);
  });

  it('keeps a drain through a crash: the next one goes from starting to draining and is never running', async () => {
    const home = temporaryDirectory();
    const first = await startGateway({ home });
    const request = await writeDrainRequest({ home });
    await eventually(() => expect(first.state?.gateway_state).toBe('draining'));
    first.kill('SIGKILL');
    await first.exited;
    const second = new GatewayProcess({ home });
    expect(await statesUntil(second, 'draining')).not.toContain('running');
    await second.ready();
    expect(second.state?.drain?.request_id).toBe(request.request_id);
    expect((await second.post({ session: 's', text: 'hello' })).status).toBe(503);
    second.kill('SIGTERM');
    expect(logged((await second.exited).stderr).filter((line) => line.includes('->'))).toEqual([
      'starting -> draining',
      'draining -> stopping',
      'stopping -> stopped',
    ]);
  });

  it('ignores the marker of another boot, and logs that once', async () => {
    const home = temporaryDirectory();
    putMarker(home, { epoch: 'another-boot:1' });
    const gateway = await startGateway({ home });
    expect(gateway.state?.gateway_state).toBe('running');
    expect((await gateway.post({ session: 's', text: 'hello' })).status).toBe(200);
    gateway.kill('SIGTERM');
    const warning = 'the drain marker is stale: it is from before a restart of the machine, and is ignored';
    expect(logged((await gateway.exited).stderr).filter((line) => line === warning)).toHaveLength(1);
  });

  it('takes its settings from the home of its profile, and warns of what is not its own', async () => {
    const root = temporaryDirectory();
    const home = join(root, 'profiles', 'support');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'SOUL.md'), '');
    writeFileSync(join(home, 'config.yaml'), 'restart_drain_timeout: 7\nmodel: x\n');
    const args = ['run', '--profile', 'support'];
    const gateway = await startGateway({ home, args, environment: { HERMES_HOME: root } });
    expect(gateway.state?.restart_drain_timeout).toBe(7);
    expect(gateway.stdout).toContain(`(profile support, home ${home})`);
    gateway.kill('SIGTERM');
    expect(logged((await gateway.exited).stderr)[0]).toContain('line 2: "model" is not a key of the gateway');
  });
});
