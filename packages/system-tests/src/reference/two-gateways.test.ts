import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readGatewayState } from '@hermes/drain-contract';
import { GATEWAY_SCRIPT, type RunningGateway, startGateway } from '@hermes/local-stack';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Drainctl, documentOf, drainctl } from '../live/drainctl-process.ts';
import { contentOf, dashboardOver, MARKER } from './over-python.ts';
import {
  lacksPython,
  runReference,
  startReferenceDashboard,
  startReferenceGateway,
  toldByReference,
} from './stand-in.ts';

const SECRET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ';

/** A gateway of ours, until the test is over. */
async function ours(home: string, ...args: string[]): Promise<RunningGateway> {
  const gateway = await startGateway({ home, args, env: { API_SERVER_PORT: '0' }, onStderr: () => undefined });
  onTestFinished(async () => void (await gateway.program.kill('SIGKILL')));
  return gateway;
}

/** What our gateway prints when it cannot start. */
async function refusal(home: string): Promise<string> {
  const child = spawn(process.execPath, [GATEWAY_SCRIPT, 'run'], {
    env: { ...process.env, HERMES_HOME: home, API_SERVER_PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close', { signal: AbortSignal.timeout(120_000) });
  return `${code} ${said}`;
}

describe.skipIf(lacksPython)('beside our gateway, the reference system', () => {
  it('sees it as alive, starts none on its home, and may when it has ended in any way', async () => {
    const home = temporaryDirectory();
    const gateway = await ours(home);
    expect(toldByReference({ home }, 'alive')).toMatchObject({ gateway_running: true, gateway_drainable: true });
    const refused = runReference({ home }, 'gateway', 'run');
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('another gateway holds')]);
    expect(contentOf(home, 'gateway.pid')).toMatchObject({ pid: gateway.program.pid, kind: 'hermes-gateway' });
    expect(contentOf(home, 'gateway.lock')).toEqual(contentOf(home, 'gateway.pid'));
    await gateway.program.kill('SIGKILL');
    expect(toldByReference({ home }, 'alive')).toMatchObject({ gateway_running: false });
    const theirs = await startReferenceGateway({ home });
    await theirs.kill('SIGKILL');
    const next = await ours(home);
    await next.program.stop();
    expect(existsSync(join(home, 'gateway.pid'))).toBe(false);
  });

  it('recognises its command line as well, where it was installed', async () => {
    const home = temporaryDirectory();
    const command = join(temporaryDirectory(), 'hermes-gateway');
    symlinkSync(GATEWAY_SCRIPT, command);
    const installation = { gateway: command };
    const gateway = await startGateway({
      home,
      installation,
      env: { API_SERVER_PORT: '0' },
      onStderr: () => undefined,
    });
    onTestFinished(async () => void (await gateway.program.kill('SIGKILL')));
    rmSync(join(home, 'gateway.pid'));
    expect(toldByReference({ home }, 'alive')).toMatchObject({ gateway_running: true });
  });

  it('does not take its lock after the file was deleted', async () => {
    const home = temporaryDirectory();
    await ours(home);
    rmSync(join(home, 'gateway.lock'));
    await eventually(() => expect(existsSync(join(home, 'gateway.lock'))).toBe(true));
    await eventually(() => expect(runReference({ home }, 'gateway', 'run').stderr).toContain('holds'));
  });

  it('drains it by its dashboard, quietly, and lets it go', async () => {
    const home = temporaryDirectory();
    await ours(home);
    const url = await startReferenceDashboard({ home, env: { HERMES_DASHBOARD_DRAIN_SECRET: SECRET } });
    const post = async (body: object) => {
      const headers = { authorization: `Bearer ${SECRET}` };
      const response = await fetch(`${url}/api/gateway/drain`, { method: 'POST', headers, body: JSON.stringify(body) });
      return response.json();
    };
    expect(await post({ suppress_notification: true })).toMatchObject({ draining: true, gateway_running: true });
    await eventually(() => expect(toldByReference({ home }, 'alive')).toMatchObject({ drained: true }));
    expect(await post({ action: 'cancel' })).toMatchObject({ was_draining: true });
    await eventually(() => expect(toldByReference({ home }, 'alive')).toMatchObject({ gateway_drainable: true }));
  });

  it('refreshes a drain of ours, which stays the same drain', async () => {
    const home = temporaryDirectory();
    await ours(home);
    const { dashboard } = await dashboardOver(home);
    const begun = await drainctl({ home, dashboard }, 'begin', '--reason', 'update', '--json');
    const request = String(documentOf(begun)['request_id']);
    await eventually(() => expect(readGatewayState({ home })?.drain).toMatchObject({ identity: request }));
    const observed = readGatewayState({ home })?.drain?.observed_at;
    toldByReference({ home }, 'drain');
    expect(contentOf(home, MARKER)).not.toHaveProperty('request_id');
    await using waiting = new Drainctl({ home, dashboard }, 'wait', '--request', request);
    const { code, stdout } = await waiting.ended();
    expect([code, stdout]).toEqual([0, expect.stringContaining('safe to stop')]);
    expect(readGatewayState({ home })?.drain).toMatchObject({
      identity: request,
      reason: 'update',
      observed_at: observed,
    });
    expect(await drainctl({ home, dashboard }, 'extend', '--request', request)).toMatchObject({ code: 0 });
    expect(contentOf(home, MARKER)).toMatchObject({ request_id: request, reason: 'update' });
    expect(await drainctl({ home, dashboard }, 'cancel', '--request', request)).toMatchObject({ code: 0 });
  });
});

describe.skipIf(lacksPython)('beside a gateway of the reference system, ours', () => {
  it('starts none on its home, and says which process serves it', async () => {
    const home = temporaryDirectory();
    const theirs = await startReferenceGateway({ home });
    const said = await refusal(home);
    expect(said).toContain(`another gateway (pid ${theirs.pid}) serves ${home} and holds its gateway.lock`);
    expect(said).toContain('stop it first');
    expect(readGatewayState({ home })).toMatchObject({ pid: theirs.pid, gateway_state: 'running' });
  });

  it('starts none beside an old one, which has no lock', async () => {
    const home = temporaryDirectory();
    const theirs = await startReferenceGateway({ home });
    rmSync(join(home, 'gateway.lock'));
    expect(await refusal(home)).toContain(`another gateway (pid ${theirs.pid})`);
  });

  it('takes over when it stands by and that one ends', async () => {
    const home = temporaryDirectory();
    const theirs = await startReferenceGateway({ home });
    const waiting = ours(home, '--standby');
    await theirs.kill('SIGTERM');
    const gateway = await waiting;
    expect(readGatewayState({ home })).toMatchObject({ pid: gateway.program.pid, gateway_state: 'running' });
  });
});
