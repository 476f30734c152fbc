import { isRoot, lacking, runs } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { commandLine, run } from './testing/programs.ts';

describe('exitBySignal', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const)(
    'shows the parent that %s ended the process',
    (signal) => {
      expect(run(commandLine('exit-by-signal', signal))).toMatchObject({
        status: null,
        signal,
        output: [null, '', '', ''],
      });
    },
  );

  const inNamespace = ['unshare', '--pid', '--fork', '--kill-child'] as const;
  const canUnshare = isRoot() && runs(...inNamespace, 'true');
  it.skipIf(lacking('root and unshare, to be the first process of a container', canUnshare))(
    'exits with 128 + the signal number as PID 1 of a container, where the kernel ignores the signal',
    () => {
      expect(run([...inNamespace, ...commandLine('exit-by-signal', 'SIGTERM')])).toMatchObject({
        status: 143,
        signal: null,
      });
    },
  );
});
