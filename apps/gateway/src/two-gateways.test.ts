import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it, onTestFinished } from 'vitest';
import { GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';

function removeLock(home: string): void {
  for (const name of readdirSync(home).filter((each) => each.startsWith('.gateway.lock'))) rmSync(join(home, name));
}

it('a second gateway is refused although the lock of the first was deleted, and the lock is made again', async () => {
  const home = temporaryDirectory();
  const first = await startGateway({ home });
  removeLock(home);
  const second = await new GatewayProcess({ home }).exited;
  expect(second.stderr).toContain(`another gateway (pid ${first.pid}, ${first.url}) serves ${home}`);
  expect(second.code).not.toBe(0);
  await eventually(() => expect(first.stderr).toContain('the gateway created and locked it again'));
  // While the second one has the new lock file open, the first one cannot know that it is alone, and refuses.
  await eventually(async () => {
    expect(await first.post({ session: 's', text: 'hello' }).then(bodyOf)).toMatchObject({ reply: 'hello' });
  });
  expect(existsSync(join(home, '.gateway.lock'))).toBe(true);
});

it('a gateway that stands by does not take over because the lock was deleted, but when the first has ended', async () => {
  const home = temporaryDirectory();
  const first = await startGateway({ home });
  const second = new GatewayProcess({ home, args: ['run', '--standby'] });
  await eventually(() => expect(second.stderr).toContain('standing by'));
  removeLock(home);
  await eventually(() => expect(first.stderr).toContain('the gateway created and locked it again'));
  expect(second.stdout).toBe('');
  first.kill('SIGKILL');
  await eventually(() => expect(second.stdout).toContain('gateway: http://'));
  expect(second.state).toMatchObject({ pid: second.pid, gateway_state: 'running' });
});

it('a home is free when its gateway was killed, whatever its agent has left running', async () => {
  const [home, elsewhere] = [temporaryDirectory(), temporaryDirectory()];
  const pids = join(elsewhere, 'pids');
  // It has left the group, the session and the environment by which it would be found.
  const script = `setsid env -i sh -c "echo \\$\\$ > ${pids}; exec sleep 600"`;
  writeFileSync(join(home, 'config.yaml'), `agent: { kind: command, command: [sh, -c, '${script}'] }\n`);
  const first = await startGateway({ home });
  void first.post({ session: 's', text: 'hello' }).catch(() => undefined);
  await eventually(() => expect(readFileSync(pids, 'utf8')).toMatch(/\d+\n/));
  const left = Number(readFileSync(pids, 'utf8'));
  onTestFinished(() => void process.kill(left, 'SIGKILL'));
  first.kill('SIGKILL');
  await first.exited;
  const second = await startGateway({ home });
  expect(second.state).toMatchObject({ pid: second.pid, gateway_state: 'running' });
  expect(() => process.kill(left, 0)).not.toThrow();
});
