import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryDirectory } from '@hermes/test-kit';
import { packTar, type TarEntry } from 'modern-tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqliteJournal } from '../journal/sqlite/sqlite-journal.ts';
import { openJournal } from '../testing/journals.ts';
import { runCommand } from '../testing/run-command.ts';
import { turn } from '../testing/turns.ts';
import { cannotMount, smallVolume } from '../testing/volumes.ts';

const place = mkdtempSync(join(tmpdir(), 'restore-'));
const good = join(place, 'good.tar.gz');

afterAll(() => rmSync(place, { recursive: true }));

beforeAll(async () => {
  const home = join(place, 'home');
  mkdirSync(home);
  const journal = new SqliteJournal(join(home, 'gateway.db'));
  await journal.accept(turn('a'));
  await journal.close();
  writeFileSync(join(home, 'config.yaml'), 'telegram: {token_env: MY_BOT}\napi_server: {key: s3cret}\n', {
    mode: 0o666,
  });
  writeFileSync(join(home, '.drain_request.json'), '{}');
  expect(runCommand(['backup', good], { HERMES_HOME: home }).code).toBe(0);
});

function restore(file: string, home: string, ...args: string[]) {
  return runCommand(['restore', file, home, ...args], { HERMES_HOME: '/nowhere' });
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

type Entry = TarEntry['header'] & { text?: string };

/** A backup with these entries, and a manifest that lists them, except for what `manifest` changes. */
async function archive(entries: readonly Entry[], manifest: object = {}): Promise<string> {
  const listed = entries.map(({ name, text = '' }) => ({ path: name, size: text.length, sha256: sha256(text) }));
  const head = { format: 1, created_at: 'x', version: '9.9.9', journal_schema: 1, with_secrets: false, left_out: [] };
  const text = JSON.stringify({ ...head, files: listed, ...manifest });
  const all: Entry[] = [{ name: 'manifest.json', size: text.length, text }, ...entries];
  const packed = await packTar(all.map(({ text: body, ...header }) => ({ header, body: body ?? null })));
  const file = join(temporaryDirectory(), 'made.tar.gz');
  writeFileSync(file, gzipSync(packed));
  return file;
}

const entry = (name: string, text = 'x', header: Partial<Entry> = {}): Entry => ({
  name,
  size: text.length,
  text,
  ...header,
});

describe('a restored home', () => {
  it.each(['a directory that does not exist', 'an empty one'])('is made in %s, for its owner only', (what) => {
    const home = join(temporaryDirectory(), 'home');
    if (what === 'an empty one') mkdirSync(home);
    const { code, stdout } = restore(good, home);
    expect(code).toBe(0);
    expect(readdirSync(home)).toEqual(['config.yaml', 'gateway.db']);
    expect(
      [home, join(home, 'config.yaml'), join(home, 'gateway.db')].map((path) => statSync(path).mode & 0o777),
    ).toEqual([0o700, 0o600, 0o600]);
    expect(stdout).toContain('1 messages without an answer');
    expect(stdout).toContain('set MY_BOT: ');
    expect(stdout).toContain('set API_SERVER_KEY: ');
    expect(stdout).toContain(`export HERMES_HOME=${home}\n`);
    expect(readdirSync(join(home, '..'))).toEqual(['home']);
  });

  it.skipIf(cannotMount())('is made on an empty volume (needs root)', () => {
    const home = smallVolume(8);
    mkdirSync(join(home, 'lost+found'));
    expect(restore(good, home).code).toBe(0);
    expect(readdirSync(home)).toEqual(['.gateway.lock', 'config.yaml', 'gateway.db', 'gateway.lock', 'lost+found']);
  });

  it('has its own identity, so that readers do not take its events for those of the original', async () => {
    const [home, other] = [join(temporaryDirectory(), 'a'), join(temporaryDirectory(), 'b')];
    for (const each of [home, other]) expect(restore(good, each, '--json').code).toBe(0);
    const identities = [home, other].map((each) => openJournal(join(each, 'gateway.db')).identity());
    const [one, two] = await Promise.all(identities);
    expect(one).not.toBe(two);
  });

  it('is never one that has something in it', () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'mine'), '');
    expect(restore(good, home)).toMatchObject({ code: 78, stderr: expect.stringMatching(/is not empty \(mine\)/) });
    expect(readdirSync(home)).toEqual(['mine']);
  });
});

describe('a backup is refused, and nothing appears,', () => {
  const cases: [what: string, make: () => Promise<string> | string, message: RegExp][] = [
    ['when it is not there', () => '/nowhere/b', /no backup \/nowhere\/b/],
    ['when it is a directory', () => temporaryDirectory(), /not a regular file/],
    ['when it is garbage', () => written(Buffer.alloc(5_000, 'garbage')), /damaged or not a backup: incorrect header/],
    ['when it is empty', () => written(Buffer.alloc(0)), /damaged or not a backup/],
    [
      'when it is cut off',
      () => written(readFileSync(good).subarray(0, -600)),
      /damaged or not a backup: unexpected end/,
    ],
    [
      'when it has no manifest',
      async () => written(gzipSync(await packTar([{ header: entry('SOUL.md'), body: 'x' }]))),
      /no manifest/,
    ],
    [
      'when a file has another content',
      () => archive([entry('SOUL.md')], { files: [{ path: 'SOUL.md', size: 1, sha256: sha256('y') }] }),
      /SOUL.md has another SHA-256/,
    ],
    [
      'when a file has another size',
      () => archive([entry('SOUL.md')], { files: [{ path: 'SOUL.md', size: 2, sha256: sha256('x') }] }),
      /has 1 bytes instead of 2/,
    ],
    [
      'when a file is missing',
      () => archive([], { files: [{ path: 'SOUL.md', size: 1, sha256: sha256('x') }] }),
      /SOUL.md is missing/,
    ],
    [
      'when a file is in it twice',
      () =>
        archive([entry('SOUL.md'), entry('SOUL.md')], { files: [{ path: 'SOUL.md', size: 1, sha256: sha256('x') }] }),
      /does not list "SOUL.md"/,
    ],
    ['when a file is not listed', () => archive([entry('SOUL.md')], { files: [] }), /does not list "SOUL.md"/],
    ...[
      '../evil',
      '/tmp/evil',
      'profiles/../evil',
      'profiles/a/../../x',
      'profiles/a/.drain_request.json',
      '.gateway.lock',
      'bin/x',
      'profiles/A/SOUL.md',
      '',
    ].map((name): (typeof cases)[number] => [
      `when it lists ${JSON.stringify(name)}`,
      () => archive([entry('SOUL.md')], { files: [{ path: name, size: 1, sha256: sha256('x') }] }),
      /not a file of a backup/,
    ]),
    [
      'when it has a link',
      () => archive([{ name: 'SOUL.md', size: 0, type: 'symlink', linkname: '/etc/passwd' }]),
      /"SOUL.md" is a symlink/,
    ],
    [
      'when it has a hard link',
      () => archive([{ name: 'SOUL.md', size: 0, type: 'link', linkname: 'config.yaml' }]),
      /is a link/,
    ],
    [
      'when it has a directory',
      () => archive([{ name: 'profiles/', size: 0, type: 'directory' }], { files: [] }),
      /is a directory/,
    ],
    [
      'when it is of a newer format',
      () => archive([], { format: 2 }),
      /has format 2.*made by version 9.9.9: install that/,
    ],
    [
      'when its journal is newer',
      () => archive([], { journal_schema: 99 }),
      /schema 99.*made by version 9.9.9: install that/,
    ],
    [
      'when its journal is no database',
      () => archive([entry('gateway.db', 'x'.repeat(9_000))]),
      /not a SQLite database/,
    ],
    [
      'when it claims to be larger than the disk',
      () => archive([], { files: [{ path: 'SOUL.md', size: 2 ** 52, sha256: sha256('x') }] }),
      /no space for the restored files/,
    ],
    [
      'when it unpacks to more than it says',
      () => written(gzipSync(Buffer.alloc(100 * 1_048_576))),
      /damaged or not a backup/,
    ],
  ];

  function written(bytes: Uint8Array): string {
    const file = join(temporaryDirectory(), 'made');
    writeFileSync(file, bytes);
    return file;
  }

  it.each(cases)('%s', async (_what, make, message) => {
    const directory = temporaryDirectory();
    const { code, stderr } = restore(await make(), join(directory, 'home'));
    expect([code, stderr]).toEqual([78, expect.stringMatching(message)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(directory)).toEqual([]);
    expect(existsSync('/tmp/evil')).toBe(false);
  });

  it.skipIf(cannotMount())('when there is no space for it (needs root)', () => {
    const directory = smallVolume(1);
    execFileSync('dd', ['if=/dev/zero', `of=${join(directory, 'filler')}`, 'bs=1k', 'count=1000'], { stdio: 'ignore' });
    expect(restore(good, join(directory, 'home'))).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/no space/),
    });
    expect(readdirSync(directory)).toEqual(['filler']);
  });
});
