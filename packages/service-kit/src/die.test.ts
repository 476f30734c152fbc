import { isRoot, lacking, runs } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { commandLine, run } from './testing/programs.ts';

describe('dieBySignal', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const)('shows the parent a death by %s', (signal) => {
    expect(run(commandLine('die', signal))).toMatchObject({ status: null, signal, output: [null, '', '', ''] });
  });

  const inNamespace = ['unshare', '--pid', '--fork', '--kill-child'] as const;
  const canUnshare = isRoot() && runs(...inNamespace, 'true');
  it.skipIf(lacking('root and unshare, to be the first process of a container', canUnshare))(
    'exits as a shell would report it where the kernel lets no signal kill: in PID 1 of a container',
    () => {
      expect(run([...inNamespace, ...commandLine('die', 'SIGTERM')])).toMatchObject({ status: 143, signal: null });
    },
  );
});
