import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commandLine, run } from '../testing/programs.ts';
import { MAX_FILE_BYTES } from './decode.pure.ts';
import { readRareFile, readSmallFile } from './read.ts';

function fileOf(content: string | Uint8Array): string {
  const path = join(temporaryDirectory(), 'file');
  writeFileSync(path, content);
  return path;
}

describe('a look at a regular file', () => {
  it('returns its bytes and its mtime in Unix milliseconds', () => {
    const path = fileOf('hello');
    utimesSync(path, 1_700_000_000, 1_700_000_000.25);
    expect(readSmallFile(path)).toEqual({ kind: 'bytes', bytes: Buffer.from('hello'), mtimeMs: 1_700_000_000_250 });
  });

  it('returns the same where nothing was to be expected', () => {
    const path = fileOf('hello');
    expect(readRareFile(path)).toEqual(readSmallFile(path));
  });

  it('returns no bytes of an empty one', () => {
    expect(readSmallFile(fileOf(''))).toMatchObject({ kind: 'bytes', bytes: Buffer.alloc(0) });
  });

  it.each<[size: number, read: number]>([
    [MAX_FILE_BYTES - 1, MAX_FILE_BYTES - 1],
    [MAX_FILE_BYTES, MAX_FILE_BYTES],
    [MAX_FILE_BYTES + 1, MAX_FILE_BYTES + 1],
    [MAX_FILE_BYTES + 2, MAX_FILE_BYTES + 1],
    [100 * 2 ** 30, MAX_FILE_BYTES + 1],
  ])('of %d bytes reads %d, enough to detect a file that is too large', (size, read) => {
    const path = fileOf('');
    truncateSync(path, size);
    const sighting = readSmallFile(path);
    expect(sighting.kind === 'bytes' && sighting.bytes.byteLength).toBe(read);
  });
});

describe.each([readSmallFile, readRareFile])('a look by $name at anything else', (read) => {
  it('finds nothing where nothing is, or where the directory is missing', () => {
    const directory = temporaryDirectory();
    expect(read(join(directory, 'file'))).toEqual({ kind: 'absent' });
    expect(read(join(directory, 'nowhere', 'file'))).toEqual({ kind: 'absent' });
  });

  it.each<[what: string, code: string, make: (path: string, directory: string) => void]>([
    ['a directory', 'EISDIR', (path) => mkdirSync(path)],
    [
      'a link to a file',
      'ELOOP',
      (path, directory) => {
        writeFileSync(join(directory, 'target'), '{}');
        symlinkSync('target', path);
      },
    ],
    ['a link to nothing', 'ELOOP', (path) => symlinkSync('nowhere', path)],
    ['a link to itself', 'ELOOP', (path) => symlinkSync('file', path)],
  ])('calls %s unreadable (%s)', (_what, code, make) => {
    const directory = temporaryDirectory();
    make(join(directory, 'file'), directory);
    expect(read(join(directory, 'file'))).toEqual({ kind: 'unreadable', code });
  });

  it.each<[what: string, path: string, code: string]>([
    ['a device', '/dev/null', 'ENOTREG'],
    ['a path through a file', '/dev/null/file', 'ENOTDIR'],
    ['a name beyond all bounds', `/tmp/${'x'.repeat(300)}`, 'ENAMETOOLONG'],
    ['a name with a NUL in it', '/tmp/a\0b', 'ERR_INVALID_ARG_VALUE'],
  ])('calls %s unreadable', (_what, path, code) => {
    expect(read(path)).toEqual({ kind: 'unreadable', code });
  });

  it('calls a socket unreadable', async () => {
    const path = join(temporaryDirectory(), 'socket');
    const server = createServer();
    await new Promise<void>((listening) => server.listen(path, listening));
    onTestFinished(() => new Promise<void>((closed) => void server.close(() => closed())));
    expect(read(path)).toEqual({ kind: 'unreadable', code: 'ENXIO' });
  });

  it('does not wait for a writer at a FIFO', () => {
    const path = join(temporaryDirectory(), 'fifo');
    execFileSync('mkfifo', [path]);
    expect(run(commandLine('read-small-file', path))).toEqual([{ kind: 'unreadable', code: 'ENOTREG' }]);
  });

  it.skipIf(lacking('root, to become another user for the file that may not be read', isRoot()))(
    'calls a file of another user unreadable',
    () => {
      const path = fileOf('{}');
      chmodSync(join(path, '..'), 0o755);
      chmodSync(path, 0o600);
      expect(run(commandLine('read-small-file', path))).toEqual([{ kind: 'bytes', length: 2 }]);
      expect(run(commandLine('read-small-file', path, '10000'))).toEqual([{ kind: 'unreadable', code: 'EACCES' }]);
    },
  );
});
