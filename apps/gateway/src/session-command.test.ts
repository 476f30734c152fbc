import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { readProcess } from './agents/processes/processes.ts';
import { type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';

const FIXTURE = fileURLToPath(new URL('agents/fixtures/session.mjs', import.meta.url));

/** The agent stays when its input ends. */
function homeOfStubborn(): string {
  const home = temporaryDirectory();
  const command = ['sh', '-c', '"$0" "$1"; exec sleep 1000', process.execPath, FIXTURE];
  const agent = [
    'agent:',
    '  kind: command',
    '  mode: session',
    `  command: ${JSON.stringify(command)}`,
    '  kill_after: 1',
  ];
  writeFileSync(join(home, 'config.yaml'), [...agent, ''].join('\n'));
  return home;
}

async function say(gateway: GatewayProcess, text: string): Promise<unknown> {
  return (await gateway.post({ session: 's', text }).then(bodyOf)).reply;
}

function leaderIn(home: string): number {
  const [entry] = JSON.parse(readFileSync(join(home, '.agent-processes.json'), 'utf8')) as [
    { process: { group: number } },
  ];
  return entry.process.group;
}

it.each(['SIGKILL', 'SIGTERM'] as const)(
  'the idle process of a session does not outlive a gateway that ends by %s, and the next one gets the history',
  async (signal) => {
    const home = homeOfStubborn();
    const first = await startGateway({ home });
    expect(await say(first, 'one')).toMatch(/^message 1 .*, knows 0: one$/);
    expect(await say(first, 'two')).toMatch(/^message 2 .*, knows 0: two$/);
    const leader = leaderIn(home);
    first.kill(signal);
    await first.exited;
    if (signal === 'SIGKILL') expect(readProcess(leader)).toBeDefined();
    const second = await startGateway({ home });
    expect(readProcess(leader)?.isZombie ?? true).toBe(true);
    expect(await say(second, 'three')).toMatch(/^message 1 .*, knows 4: three$/);
    second.kill('SIGTERM');
    await second.exited;
  },
);

it('a new conversation gets a new process', async () => {
  const gateway = await startGateway({ home: homeOfStubborn() });
  await say(gateway, 'one');
  await say(gateway, '/new');
  expect(await say(gateway, 'two')).toMatch(/^message 1 .*, knows 0: two$/);
  gateway.kill('SIGTERM');
  await gateway.exited;
});
