import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SupervisorNotifier } from './supervisor-notifier.ts';

const RECEIVER = fileURLToPath(new URL('testing/notify-socket.py', import.meta.url));
const isMissing = lacking('systemd-notify and python3', runs('systemd-notify', '--version') && runs('python3', '-V'));

/** A socket as the manager has it, and what arrived there; barriers, which systemd-notify sends besides, do not count. */
async function managerAt(address: string): Promise<Record<string, string>[]> {
  const child = spawn('python3', [RECEIVER, address], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const messages: Record<string, string>[] = [];
  const bound = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'bound') bound.resolve();
    else {
      const message = JSON.parse(line) as Record<string, string>;
      if (!('BARRIER' in message)) messages.push(message);
    }
  });
  await bound.promise;
  return messages;
}

function notifier(environment: NodeJS.ProcessEnv, describe?: () => string) {
  const warnings: unknown[] = [];
  const log = { warn: (...words: unknown[]) => void warnings.push(words) };
  const made = new SupervisorNotifier({ environment, log, ...(describe && { describe }) });
  onTestFinished(() => made[Symbol.dispose]());
  return { made, warnings };
}

describe.skipIf(isMissing)('a program under systemd', () => {
  it.each(['a path', 'an abstract name'])(
    'reports that it is ready, what it does, and that it stops, to %s',
    async (kind) => {
      const path = join(temporaryDirectory(), 'notify');
      const address = kind === 'a path' ? path : `@${path}`;
      const messages = await managerAt(address);
      const environment: NodeJS.ProcessEnv = { NOTIFY_SOCKET: address, PATH: process.env['PATH'] };
      let state = 'running\n  well';
      const { made, warnings } = notifier(environment, () => state);
      expect(environment).toEqual({ PATH: process.env['PATH'] });
      made.ready();
      await eventually(() => expect(messages).toEqual([{ READY: '1', STATUS: 'running well' }]));
      state = 'draining';
      made.update();
      await eventually(() => expect(messages[1]).toEqual({ STATUS: 'draining' }));
      made.stopping(42.5);
      await eventually(() =>
        expect(messages[2]).toEqual({ STOPPING: '1', EXTEND_TIMEOUT_USEC: '42500000', STATUS: 'draining' }),
      );
      expect(warnings).toEqual([]);
    },
  );

  it('gives signs of life within the time of the watchdog, after it is ready', async () => {
    const address = join(temporaryDirectory(), 'notify');
    const messages = await managerAt(address);
    const watchdog = { WATCHDOG_USEC: '300000', WATCHDOG_PID: String(process.pid) };
    const { made } = notifier({ NOTIFY_SOCKET: address, PATH: process.env['PATH'], ...watchdog });
    made.ready();
    await eventually(() => expect(messages.filter((message) => message['WATCHDOG'] === '1').length).toBeGreaterThan(3));
    expect(messages[0]).toEqual({ READY: '1', WATCHDOG: '1' });
  });

  it('gives none when the watchdog is that of another process', async () => {
    const address = join(temporaryDirectory(), 'notify');
    const messages = await managerAt(address);
    const { made } = notifier({
      NOTIFY_SOCKET: address,
      PATH: process.env['PATH'],
      WATCHDOG_USEC: '30000',
      WATCHDOG_PID: '1',
    });
    made.ready();
    made.stopping(1);
    await eventually(() => expect(messages).toHaveLength(2));
    expect(messages.some((message) => 'WATCHDOG' in message)).toBe(false);
  });

  it('says once why systemd cannot be notified, and does not fail', async () => {
    const { made, warnings } = notifier({ NOTIFY_SOCKET: '/nonexistent/notify', PATH: temporaryDirectory() });
    made.ready();
    made.stopping(1);
    await eventually(() => expect(warnings).toHaveLength(1));
    expect(String(JSON.stringify(warnings))).toContain('ENOENT');
  });
});

describe('a program without systemd', () => {
  it('reports nothing', () => {
    const { made, warnings } = notifier({});
    made.ready();
    made.update();
    made.stopping(1);
    expect(warnings).toEqual([]);
  });
});
