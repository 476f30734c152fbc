import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRoot, lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../testing/journals.ts';
import { turn } from '../../testing/turns.ts';

const PROGRAM = fileURLToPath(new URL('../../testing/programs/open-journal.ts', import.meta.url));
const NOBODY = 65_534;

/** The output of the program that opens the journal at `path`, as another user or in a wrapper. */
function opening(path: string, options: { nobody?: boolean; wrapper?: readonly string[]; filler?: string } = {}) {
  const line = [
    ...(options.wrapper ?? []),
    process.execPath,
    PROGRAM,
    path,
    ...(options.filler ? [options.filler] : []),
  ];
  const [command = '', ...args] = line;
  const user = options.nobody ? { uid: NOBODY, gid: NOBODY } : {};
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000, ...user });
  if (stdout === '') throw new Error(`the program said nothing: ${stderr}`);
  return JSON.parse(stdout) as { opened: boolean; error?: string; accepted: number; refusal: string; kept: string[] };
}

/** A directory that this and another user may use, with a journal of theirs in it. */
async function sharedJournal(): Promise<{ directory: string; path: string }> {
  const directory = temporaryDirectory();
  const path = join(directory, 'gateway.db');
  const journal = openJournal(path);
  await journal.accept(turn('a'));
  await journal.close();
  if (isRoot()) for (const file of [directory, path]) chownSync(file, NOBODY, NOBODY);
  return { directory, path };
}

// Root may write everywhere; the program then runs as nobody.
const nobody = isRoot();

describe('a journal is refused at the start, and stays as it is,', () => {
  it('when its file is read-only for this user', async () => {
    const { path } = await sharedJournal();
    expect(opening(path, { nobody })).toEqual({ opened: true });
    chmodSync(path, 0o444);
    const before = readFileSync(path);
    expect(opening(path, { nobody }).error).toMatch(
      /^StartupError: .* it is read-only for this user; give this user write/,
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('when its directory is read-only for this user', async () => {
    const { directory, path } = await sharedJournal();
    chmodSync(directory, 0o555);
    expect(opening(path, { nobody }).error).toMatch(/^StartupError: .* it (is read-only|cannot be opened)/);
    chmodSync(directory, 0o755);
  });

  it('when this user may not read it', async () => {
    const { path } = await sharedJournal();
    chmodSync(path, 0);
    expect(opening(path, { nobody }).error).toMatch(/^StartupError: .* it cannot be opened; check the permissions/);
  });
});

describe('on a volume that is full', () => {
  const canMount = isRoot() && runs('unshare', '--mount', 'true');
  const skipped = lacking('root and unshare, to mount a tiny volume', canMount);

  /** Runs its arguments in a mount namespace of its own, where `directory` is a volume of that many KiB. */
  function onVolume(directory: string, kib: number, filler: number): readonly string[] {
    const script = `mount -t tmpfs -o size=${kib}k tmpfs ${directory} && head -c ${filler}k /dev/zero > ${directory}/filler; exec "$@"`;
    return ['unshare', '--mount', 'sh', '-c', script, 'sh'];
  }

  it.skipIf(skipped)('a journal is refused at the start, with what to do', () => {
    const directory = join(temporaryDirectory(), 'volume');
    mkdirSync(directory);
    const wrapper = onVolume(directory, 64, 64);
    expect(opening(join(directory, 'gateway.db'), { wrapper }).error).toMatch(
      /^StartupError: .* the volume is full; free/,
    );
  });

  it.skipIf(skipped)('a turn is refused, those before are kept, and all is well when there is room again', () => {
    const directory = join(temporaryDirectory(), 'volume');
    mkdirSync(directory);
    const wrapper = onVolume(directory, 2_048, 1_024);
    const path = join(directory, 'gateway.db');
    const { accepted, refusal, kept } = opening(path, { wrapper, filler: join(directory, 'filler') });
    expect(refusal).toMatch(/disk is full|disk I\/O error/);
    expect(accepted).toBeGreaterThan(3);
    expect(kept).toEqual([...Array.from({ length: accepted }, (_, n) => `turn-${n}`), 'after']);
  });
});
