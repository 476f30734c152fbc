import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { GatewayProcess, logged, startGateway } from './testing/gateway-process.ts';

/** A gateway that stands by for the one that serves the home. */
async function standingBy(home: string): Promise<GatewayProcess> {
  const standby = new GatewayProcess({ home, args: ['run', '--standby'] });
  await expect.poll(() => logged(standby.stderr)).toContain('standing by until the other gateway exits');
  return standby;
}

describe('a gateway that stands by', () => {
  it('starts at once if no gateway serves the home', async () => {
    const gateway = await startGateway({ home: temporaryDirectory(), args: ['run', '--standby'] });
    expect((await gateway.post({ session: 's', text: 'hello' })).status).toBe(200);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('takes over when the other one has ended by %s', async (signal) => {
    const first = await startGateway({ home: temporaryDirectory() });
    const standby = await standingBy(first.home);
    expect(standby.notified).toBe('');
    first.kill(signal);
    await standby.ready();
    expect(standby.state).toMatchObject({ gateway_state: 'running', pid: standby.pid });
    expect((await standby.post({ session: 's', text: 'hello' })).status).toBe(200);
  });

  it('leaves alone the gateway that serves the home, and what that says of itself', async () => {
    const first = await startGateway({ home: temporaryDirectory() });
    const before = first.state;
    const standby = await standingBy(first.home);
    standby.kill('SIGTERM');
    expect(await standby.exited).toMatchObject({ code: null, signal: 'SIGTERM', stdout: '' });
    expect({ ...first.state, updated_at: '' }).toEqual({ ...before, updated_at: '' });
    expect((await first.post({ session: 's', text: 'still there' })).status).toBe(200);
  });
});
