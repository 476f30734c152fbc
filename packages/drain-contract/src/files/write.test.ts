import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { commandLine, run } from '../testing/programs.ts';
import { removeFile, replaceFile } from './write.ts';

const UID = '10000';

/** A home with one file in it, owned by the unprivileged user. */
function homeOf(mode: number): { home: string; path: string } {
  const home = temporaryDirectory();
  const path = join(home, 'file');
  writeFileSync(path, 'old');
  chownSync(home, Number(UID), Number(UID));
  chmodSync(home, mode);
  return { home, path };
}

describe('replaceFile', () => {
  it('writes a new file, and leaves nothing else behind', async () => {
    const home = temporaryDirectory();
    await replaceFile(join(home, 'file'), 'grüß dich');
    expect(readFileSync(join(home, 'file'), 'utf8')).toBe('grüß dich');
    expect(readdirSync(home)).toEqual(['file']);
  });

  it('puts another file in the place of the old one instead of writing into it', async () => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, 'old');
    const before = statSync(path).ino;
    await replaceFile(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).ino).not.toBe(before);
  });

  it('shows a reader only whole texts while several write', async () => {
    const path = join(temporaryDirectory(), 'file');
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(50_000));
    await replaceFile(path, texts[0] ?? '');
    const writing = Promise.all(texts.map((text) => replaceFile(path, text))).then(() => 'written');
    let seen = '';
    while ((await Promise.race([writing, new Promise((resolve) => setImmediate(resolve))])) !== 'written') {
      seen = readFileSync(path, 'utf8');
      if (!texts.includes(seen)) break;
    }
    expect(texts).toContain(seen);
    await writing;
    expect(readdirSync(join(path, '..'))).toEqual(['file']);
  });

  it('replaces a link and leaves alone what it points to', async () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'precious'), 'precious');
    symlinkSync('precious', join(home, 'file'));
    await replaceFile(join(home, 'file'), 'new');
    expect(lstatSync(join(home, 'file')).isFile()).toBe(true);
    expect(readFileSync(join(home, 'precious'), 'utf8')).toBe('precious');
  });

  it.each([
    ['022', '644'],
    ['077', '600'],
  ])('under a umask of %s makes a file of mode %s', (umask, mode) => {
    const path = join(temporaryDirectory(), 'file');
    expect(run(commandLine('replace-file', path, '3', umask))).toEqual([{ written: true, mode }]);
  });

  it('makes a private file when asked to', async () => {
    const path = join(temporaryDirectory(), 'file');
    await replaceFile(path, 'secret', 0o600);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe('a failed replaceFile', () => {
  it('names a directory that is in the way, and leaves it', async () => {
    const home = temporaryDirectory();
    const path = join(home, 'file');
    mkdirSync(path);
    await expect(replaceFile(path, 'new')).rejects.toMatchObject({
      name: 'ContractError',
      code: 'not_a_file',
      message: `cannot write ${path}: a directory stands in its place; remove it and try again (EISDIR)`,
    });
    expect(readdirSync(home)).toEqual(['file']);
  });

  it.each(['nowhere/file', 'plain/file'])('names the home that is missing for %s', async (name) => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'plain'), '');
    await expect(replaceFile(join(home, name), 'new')).rejects.toMatchObject({
      code: 'home_missing',
      message: expect.stringMatching(/^cannot write \/.*\/file: .*HERMES_HOME/),
    });
  });

  // Write and search permission let the rename happen, but the directory could not be opened to sync it.
  it.skipIf(lacking('root, to become a user who may not write', isRoot())).each([
    ['may not be written', 0o555],
    ['may not be read', 0o333],
  ])('leaves the old file in a directory that %s', (_what, mode) => {
    const { home, path } = homeOf(mode);
    expect(run(commandLine('replace-file', path, '3', '022', UID))).toEqual([
      { written: false, code: 'not_writable', message: expect.stringMatching(`cannot write ${path}: .*write access`) },
    ]);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(home)).toEqual(['file']);
  });

  it.skipIf(lacking('root and unshare, to mount a small disk', isRoot() && runs('unshare', '--mount', 'true')))(
    'leaves the old file on a disk that is full, and the disk as empty as before',
    () => {
      const disk = temporaryDirectory();
      const script = `
        set -e
        mount -t tmpfs -o size=64k tmpfs "$0"
        cd "$0"
        "$@" file 5000
        "$@" file 100000
        wc -c < file
        ls -A | wc -l`;
      // The mount ends with its namespace, whatever happens.
      expect(run(['unshare', '--mount', 'sh', '-c', script, disk, ...commandLine('replace-file')])).toEqual([
        { written: true, mode: '644' },
        { written: false, code: 'no_space', message: expect.stringMatching('cannot write file: .*free some space') },
        5000,
        1,
      ]);
    },
  );
});

const canMount = isRoot() && runs('unshare', '--mount', 'true');

describe('a file that something is mounted over', () => {
  it.skipIf(lacking('root and unshare, to mount a file', canMount))(
    'is neither replaced nor removed, and the message says what to mount instead',
    () => {
      const home = temporaryDirectory();
      // The mount ends with its namespace, whatever happens.
      const script = `
        set -e
        cd "$0"
        mkdir home
        ln -s home link
        echo '"old"' > outside
        touch home/.drain_request.json
        mount --bind outside home/.drain_request.json
        ${['home', 'link'].map((way) => `"$@" "$0/${way}/.drain_request.json" 3`).join('\n')}
        ${['begin', 'clear'].map((action) => `${commandLine('begin-or-clear').join(' ')} "$0/home" ${action}`).join('\n')}
        cat home/.drain_request.json
        ls -A home | grep -c tmp || true`;
      const refusal = { code: 'mount_point' };
      const message = expect.stringMatching(
        /^cannot write \/\S+\/\.drain_request\.json: expected .*, found a mount point \(EBUSY\); mount the directory/,
      );
      expect(run(['unshare', '--mount', 'sh', '-c', script, home, ...commandLine('replace-file')])).toEqual([
        { written: false, ...refusal, message },
        { written: false, ...refusal, message },
        refusal,
        refusal,
        'old',
        0,
      ]);
    },
  );
});

describe('removeFile', () => {
  it('removes a file once', async () => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, '');
    await expect(removeFile(path)).resolves.toBe(true);
    await expect(removeFile(path)).resolves.toBe(false);
  });

  it('finds nothing to remove where there is no directory', async () => {
    await expect(removeFile(join(temporaryDirectory(), 'nowhere', 'file'))).resolves.toBe(false);
  });

  it('removes a link and leaves alone what it points to', async () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'precious'), '');
    symlinkSync('precious', join(home, 'file'));
    await expect(removeFile(join(home, 'file'))).resolves.toBe(true);
    expect(readdirSync(home)).toEqual(['precious']);
  });

  it('does not remove a directory', async () => {
    const path = join(temporaryDirectory(), 'file');
    mkdirSync(path);
    await expect(removeFile(path)).rejects.toMatchObject({
      name: 'ContractError',
      message: expect.stringContaining(`cannot remove ${path}: `),
    });
    expect(statSync(path).isDirectory()).toBe(true);
  });
});
