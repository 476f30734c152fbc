import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { notifyReady } from './ready.ts';
import { commandLine, run } from './testing/programs.ts';
import { blockingPipe } from './testing/unread.ts';

describe('notifyReady', () => {
  it('writes one newline to the descriptor that is named, and closes it', () => {
    const { status, output } = run(commandLine('notify-ready'), { HERMES_NOTIFY_FD: '3' });
    expect({ status, output }).toEqual({ status: 0, output: [null, 'closed\n', '', '\n'] });
  });

  it('ignores a descriptor without a reader', () => {
    const { status, output } = run(commandLine('notify-ready', 'no-reader'), { HERMES_NOTIFY_FD: '3' });
    expect({ status, output }).toEqual({ status: 0, output: [null, 'closed\n', '', ''] });
  });

  it.each([undefined, '', 'x', '3x', '3.5', '-1', '0', '1', '2', 'NaN', 'Infinity'])(
    'leaves every descriptor alone when the variable is %j',
    (value) => {
      const { status, output } = run(commandLine('notify-ready'), { HERMES_NOTIFY_FD: value });
      expect({ status, output }).toEqual({ status: 0, output: [null, 'open\n', '', ''] });
    },
  );

  it('does not block when the pipe is full and not read', () => {
    const pipe = blockingPipe();
    pipe.fill();
    const [command, ...args] = commandLine('notify-ready');
    const { status, stdout } = spawnSync(command, args, {
      encoding: 'utf8',
      env: { ...process.env, HERMES_NOTIFY_FD: '3' },
      stdio: ['ignore', 'pipe', 'inherit', pipe.writer],
      timeout: 120_000,
      killSignal: 'SIGKILL',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'closed\n' });
  });

  it.each(['1000000', '2147483648', '1e300'])('does not fail over descriptor %s, which cannot be', (value) => {
    expect(() => notifyReady({ HERMES_NOTIFY_FD: value })).not.toThrow();
  });
});
