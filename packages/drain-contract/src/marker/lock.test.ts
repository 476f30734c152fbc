import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, lockHolder, runs, temporaryDirectory } from '@hermes/test-kit';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type FileStep, hookSteps } from '../files/steps.ts';
import { commandLine, run } from '../testing/programs.ts';
import { drainRequestPath } from './path.ts';
import { drainRequested, readDrainRequest } from './read.ts';
import { DRAIN_LOCK_FILENAME } from './schema.pure.ts';
import { cancelDrainRequest, clearDrainRequest, writeDrainRequest } from './write.ts';

const ANOTHER = '{"action":"drain","principal":"a program without the lock"}';

let home: string;
let path: string;

beforeEach(() => {
  home = temporaryDirectory();
  path = drainRequestPath({ home });
});
afterEach(() => hookSteps());

/** Does something once, right before or after a step of a writer: what a program without the lock may do at any time. */
function meddleAt(when: 'before' | 'after', step: FileStep, meddle: () => void): void {
  hookSteps((...now) => {
    if (now[0] !== when || now[1] !== step) return;
    hookSteps();
    meddle();
  });
}

/** Has another process take the lock, and stops it until the test has finished. */
async function stopHolder(): Promise<void> {
  const holder = await lockHolder(join(home, DRAIN_LOCK_FILENAME));
  onTestFinished(() => void holder.kill('SIGKILL'));
  holder.kill('SIGSTOP');
}

describe('while another process holds the lock, and is stopped', () => {
  it('a begin, a refresh and the cancel of a named request fail in time, and change nothing', async () => {
    const { request_id: requestId } = await writeDrainRequest({ home });
    const before = readFileSync(path);
    await stopHolder();
    const attempts = [
      writeDrainRequest({ home }),
      writeDrainRequest({ home, requestId: null }),
      writeDrainRequest({ home, requestId }),
      clearDrainRequest({ home, requestId }),
    ];
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'locked' } });
    }
    expect(readFileSync(path)).toEqual(before);
  });

  it('a cancel that names no request goes ahead', async () => {
    await writeDrainRequest({ home });
    await stopHolder();
    await expect(clearDrainRequest({ home })).resolves.toBe(true);
    expect(drainRequested({ home })).toBe(false);
  });
});

describe('a program without the lock that writes the marker between the look and the change', () => {
  it('wins over a begin that may only begin', async () => {
    meddleAt('before', 'link', () => writeFileSync(path, ANOTHER));
    await expect(writeDrainRequest({ home, requestId: null })).rejects.toMatchObject({ code: 'request_mismatch' });
    expect(readFileSync(path, 'utf8')).toBe(ANOTHER);
  });

  it('wins over the refresh of another drain', async () => {
    const { request_id: requestId } = await writeDrainRequest({ home });
    meddleAt('after', 'sync', () => writeFileSync(path, ANOTHER));
    await expect(writeDrainRequest({ home, requestId })).rejects.toMatchObject({ code: 'request_mismatch' });
    expect(readFileSync(path, 'utf8')).toBe(ANOTHER);
  });

  it('wins over a begin in the place of a drain that is over', async () => {
    writeFileSync(path, '{"requested_at":"2020-01-01T00:00:00Z"}');
    meddleAt('after', 'sync', () => writeFileSync(path, ANOTHER));
    await expect(writeDrainRequest({ home, requestId: null })).rejects.toMatchObject({ code: 'request_mismatch' });
    expect(readFileSync(path, 'utf8')).toBe(ANOTHER);
  });

  it('has its drain refreshed by a begin that may do that', async () => {
    meddleAt('before', 'link', () => writeFileSync(path, ANOTHER));
    await expect(writeDrainRequest({ home })).resolves.toMatchObject({ principal: 'a program without the lock' });
  });

  it('or removes it, is not undone by the refresh of the drain that was cancelled', async () => {
    const { request_id: requestId } = await writeDrainRequest({ home });
    meddleAt('after', 'sync', () => rmSync(path));
    await expect(writeDrainRequest({ home, requestId })).rejects.toMatchObject({ code: 'request_mismatch' });
    expect(readDrainRequest({ home })).toBeUndefined();
  });
});

describe('a lock that cannot be used', () => {
  it('is reported with the remedy, and does not block a cancel', async () => {
    const { request_id: requestId } = await writeDrainRequest({ home });
    rmSync(join(home, DRAIN_LOCK_FILENAME));
    mkdirSync(join(home, DRAIN_LOCK_FILENAME));
    const refusal = { code: 'not_a_file', message: expect.stringContaining(join(home, DRAIN_LOCK_FILENAME)) };
    await expect(writeDrainRequest({ home })).rejects.toMatchObject(refusal);
    await expect(clearDrainRequest({ home, requestId })).rejects.toMatchObject(refusal);
    await expect(clearDrainRequest({ home })).resolves.toBe(true);
  });

  it('because it was removed while it was held, is reported: the next attempt creates a new one', async () => {
    await writeDrainRequest({ home });
    meddleAt('after', 'sync', () => rmSync(join(home, DRAIN_LOCK_FILENAME)));
    await expect(writeDrainRequest({ home })).rejects.toMatchObject({ code: 'locked' });
    await expect(writeDrainRequest({ home })).resolves.toBeDefined();
  });

  it.skipIf(lacking('root and unshare, to mount a small disk', isRoot() && runs('unshare', '--mount', 'true')))(
    'because the volume is full, does not block the cancel of the named drain',
    async () => {
      const disk = temporaryDirectory();
      const { request_id } = await writeDrainRequest({ home });
      // One inode for the directory, one for the marker, none for the lock.
      const script = `
        set -e
        mount -t tmpfs -o size=64k,nr_inodes=2 tmpfs "$0"
        cp "$1" "$0/.drain_request.json"
        id="$2"
        shift 2
        "$@" "$0" begin
        "$@" "$0" clear 01890000-0000-7000-8000-000000000000
        "$@" "$0" clear "$id"
        "$@" "$0" clear`;
      expect(
        run(['unshare', '--mount', 'sh', '-c', script, disk, path, request_id, ...commandLine('begin-or-clear')]),
      ).toEqual([{ code: 'no_space' }, { code: 'request_mismatch' }, { cleared: true }, { cleared: false }]);
    },
  );
});

describe('cancelDrainRequest', () => {
  it('gives the verdict on what it removed', async () => {
    await expect(cancelDrainRequest({ home })).resolves.toEqual({ active: false, reason: 'absent' });
    const { request_id } = await writeDrainRequest({ home });
    await expect(cancelDrainRequest({ home })).resolves.toMatchObject({ active: true, request: { request_id } });
    writeFileSync(path, '{"epoch":"an earlier boot"}');
    await expect(cancelDrainRequest({ home })).resolves.toMatchObject({ active: false, reason: 'stale-epoch' });
  });

  it('cancels one of several requests that are named, and refuses to cancel any other', async () => {
    const { request_id } = await writeDrainRequest({ home });
    await expect(cancelDrainRequest({ home, requestId: ['a', 'b'] })).rejects.toMatchObject({
      code: 'request_mismatch',
      message: `the drain in force is ${request_id}, not a or b`,
    });
    await expect(cancelDrainRequest({ home, requestId: [] })).rejects.toMatchObject({ code: 'request_mismatch' });
    await expect(cancelDrainRequest({ home, requestId: ['a', request_id] })).resolves.toMatchObject({ active: true });
  });
});

it('writeDrainRequest refreshes one of several requests that are named', async () => {
  const { request_id } = await writeDrainRequest({ home });
  await expect(writeDrainRequest({ home, requestId: ['a', request_id] })).resolves.toMatchObject({ request_id });
  await expect(writeDrainRequest({ home, requestId: ['a', 'b'] })).rejects.toMatchObject({ code: 'request_mismatch' });
});

it('a marker that has a second name is replaced like any other', async () => {
  const { request_id } = await writeDrainRequest({ home });
  linkSync(path, join(home, 'copy'));
  await expect(writeDrainRequest({ home, reason: 'new' })).resolves.toMatchObject({ request_id, reason: 'new' });
  expect(readFileSync(join(home, 'copy'), 'utf8')).not.toContain('new');
});
