import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { commandLine, run } from '../testing/programs.ts';
import { currentInstantiationEpoch, readLinuxEpoch } from './epoch.ts';

const STAT = '1 (init) S 0 1 1 0 -1 4194560 31643 285968 69 144 61 411 938 624 20 0 12 0 30 42270720\n';

describe('the epoch', () => {
  it.each<[what: string, bootId: string | undefined, stat: string | undefined, epoch: string]>([
    ['has two halves', 'f00-ba7\n', STAT, 'f00-ba7:30'],
    ['lacks its end when init cannot be seen', 'f00-ba7\n', undefined, 'f00-ba7:'],
    ['lacks its end when the line about init makes no sense', 'f00-ba7\n', 'x', 'f00-ba7:'],
    ['lacks its beginning when the boot has no name', undefined, STAT, ':30'],
    ['lacks its beginning when that name is blank', ' \n', STAT, ':30'],
    ['is unknown when both are missing', undefined, undefined, ''],
    ['is unknown when both are empty', '', '', ''],
  ])('%s', (_what, bootId, stat, epoch) => {
    const directory = temporaryDirectory();
    const sources = { bootId: join(directory, 'boot_id'), initStat: join(directory, 'stat') };
    if (bootId !== undefined) writeFileSync(sources.bootId, bootId);
    if (stat !== undefined) writeFileSync(sources.initStat, stat);
    expect(readLinuxEpoch(sources)).toBe(epoch);
  });

  it('is unknown when its sources are directories', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'x'));
    expect(readLinuxEpoch({ bootId: directory, initStat: join(directory, 'x') })).toBe('');
  });

  it.skipIf(lacking('Linux, for the epoch of this machine', process.platform === 'linux'))(
    'of this process is that of the machine, in every process of it',
    () => {
      const epoch = currentInstantiationEpoch();
      expect(epoch).toMatch(/^[0-9a-f-]{36}:\d+$/);
      expect(epoch).toContain(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
      expect(currentInstantiationEpoch()).toBe(epoch);
      expect(run(commandLine('print-epoch'))).toEqual([epoch]);
    },
  );

  const canUnshare = isRoot() && runs('unshare', '--pid', '--fork', '--mount-proc', 'true');
  it.skipIf(lacking('root and unshare, to start two containers', canUnshare))(
    'is the same for all processes of a container, and another one for the next container',
    () => {
      const container = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', '"$@"; "$@"; true'];
      const twice = () => run([...container, 'sh', ...commandLine('print-epoch')]);
      const [first, sibling] = twice();
      const [second] = twice();
      expect(first).toMatch(/^[0-9a-f-]{36}:\d+$/);
      expect(sibling).toBe(first);
      expect(second).not.toBe(first);
      expect(second).not.toBe(currentInstantiationEpoch());
    },
  );
});
