import { isRoot, lacking, runs } from '@hermes/test-kit';
import { describe } from 'vitest';

const isMissing = lacking('root, and s6 (Debian: s6, execline)', isRoot() && runs('sh', '-c', 'command -v s6-svscan'));

/** Tests on the real s6, as root and as the unprivileged user. */
export function describeS6(name: string, tests: () => void): void {
  describe.skipIf(isMissing)(name, tests);
}
