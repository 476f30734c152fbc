import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GatewayProcess } from '../testing/gateway-process.ts';
import { openJournal } from '../testing/journals.ts';
import { runCommand } from '../testing/run-command.ts';
import { turn } from '../testing/turns.ts';
import { cannotMount, smallVolume } from '../testing/volumes.ts';

/** A home with a journal of some pages. */
async function homeWith(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const home = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(home, name, '..'), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  const journal = openJournal(join(home, 'gateway.db'));
  for (let n = 0; n < 10; n++) await journal.accept(turn(`t${n}`, { text: 'x'.repeat(1_000) }));
  await journal.close();
  return home;
}

function backUp(home: string, ...args: string[]) {
  return runCommand(['backup', ...args], { HERMES_HOME: home });
}

/** The names in a backup, and the text of one of them. */
function contents(file: string): string[] {
  return spawnSync('tar', ['-tzf', file], { encoding: 'utf8' }).stdout.trim().split('\n');
}

function textOf(file: string, name: string): string {
  return spawnSync('tar', ['-xzOf', file, name], { encoding: 'utf8' }).stdout;
}

const SECRETS = {
  'config.yaml':
    '# the old token: abc-s3cret\napi_server: {port: 0, key: s3cret-key}\nmodel: {api_key: s3cret-model}\n',
  '.dashboard_token': 's3cret-token',
  '.drain_request.json': '{"action":"drain"}',
  'desired_state.json': '{"desired_state":"running"}',
  'gateway_state.json': '{"gateway_state":"draining","pid":1,"updated_at":"2026-01-01T00:00:00Z"}',
  'logs/drain-audit.jsonl': '{"n":2}\n',
  'logs/drain-audit.jsonl.1': '{"n":1}\n',
};

describe('a backup', () => {
  it('has no secrets unless told, and lists what it left out', async () => {
    const home = await homeWith(SECRETS);
    const file = join(temporaryDirectory(), 'b.tar.gz');
    const { code, stdout } = backUp(home, file);
    expect(code).toBe(0);
    expect(contents(file)).toEqual([
      ...['manifest.json', 'gateway.db', 'desired_state.json', 'config.yaml', 'gateway_state.json'],
      ...['logs/drain-audit.jsonl', 'logs/drain-audit.jsonl.1'],
    ]);
    expect(spawnSync('tar', ['-xzOf', file]).stdout.toString('latin1')).not.toContain('s3cret');
    expect(textOf(file, 'config.yaml')).toMatch(/^# Written by .*\napi_server:\n {2}port: 0\n$/);
    expect(JSON.parse(textOf(file, 'gateway_state.json'))).toEqual({ gateway_state: 'draining', version: null });
    expect(stdout.match(/^left out: .*$/gm)).toEqual([
      `left out: ${home}/config.yaml: api_server.key`,
      `left out: ${home}/config.yaml: "model", a section of another program`,
      `left out: ${home}/config.yaml: comments, because one looks like a secret`,
      `left out: ${home}/.dashboard_token`,
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('has them when told, says so, and stays readable by its owner only', async () => {
    const home = await homeWith(SECRETS);
    const file = join(temporaryDirectory(), 'b.tar.gz');
    const { code, stdout } = backUp(home, '--with-secrets', file);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/contains secrets: keep it where only you/)]);
    expect(textOf(file, 'config.yaml')).toBe(SECRETS['config.yaml']);
    expect(textOf(file, '.dashboard_token')).toBe('s3cret-token');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('has a config.yaml without secrets byte for byte', async () => {
    const text = '# mine\nagent: {kind: openai, base_url: "http://127.0.0.1:1/v1", model: m, key_env: MODEL_KEY}\n';
    const home = await homeWith({ 'config.yaml': text });
    const file = join(temporaryDirectory(), 'b.tar.gz');
    expect(backUp(home, file).code).toBe(0);
    expect(textOf(file, 'config.yaml')).toBe(text);
  });

  it('has gateway.yaml, and config.yaml of the program beside it only with secrets', async () => {
    const home = await homeWith({
      'gateway.yaml': 'api_server: {port: 0, key: s3cret-key}\n',
      'config.yaml': 'agent: {api_key: s3cret-model}\n',
      '.migration.json': '{"state":{}}',
    });
    const file = join(temporaryDirectory(), 'b.tar.gz');
    const { code, stdout } = backUp(home, file);
    expect([code, stdout]).toEqual([0, expect.stringContaining('config.yaml, a file of another program')]);
    expect(contents(file)).toEqual(expect.arrayContaining(['gateway.yaml', '.migration.json']));
    expect(contents(file)).not.toContain('config.yaml');
    expect(textOf(file, 'gateway.yaml')).not.toContain('s3cret');
    expect(backUp(home, '--with-secrets', '--force', file).code).toBe(0);
    expect(contents(file)).toContain('config.yaml');
    const restored = join(temporaryDirectory(), 'restored');
    expect(runCommand(['restore', file, restored])).toMatchObject({ code: 0 });
    expect(readFileSync(join(restored, 'gateway.yaml'), 'utf8')).toContain('s3cret-key');
  });

  it('has one profile, or all of them', async () => {
    const home = await homeWith({ 'profiles/a/SOUL.md': '', 'profiles/b/SOUL.md': '', 'profiles/b/config.yaml': '' });
    const directory = temporaryDirectory();
    expect(backUp(home, '-p', 'a', join(directory, 'a')).code).toBe(0);
    expect(contents(join(directory, 'a'))).toEqual(['manifest.json', 'SOUL.md']);
    expect(backUp(home, '--all-profiles', join(directory, 'all')).code).toBe(0);
    const all = ['manifest.json', 'gateway.db', 'profiles/a/SOUL.md', 'profiles/b/SOUL.md', 'profiles/b/config.yaml'];
    expect(contents(join(directory, 'all'))).toEqual(all);
    expect(backUp(home, '--all-profiles', '-p', 'a', join(directory, 'x')).code).toBe(2);
  });

  it('replaces a file only when told, and whole', async () => {
    const home = await homeWith();
    const file = join(temporaryDirectory(), 'b.tar.gz');
    writeFileSync(file, 'mine');
    expect(backUp(home, file)).toMatchObject({ code: 78, stderr: expect.stringMatching(/already exists: .*--force/) });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(JSON.parse(backUp(home, '--force', '--json', file).stdout)).toMatchObject({ file, format: 1, files: [{}] });
    expect(contents(file)).toEqual(['manifest.json', 'gateway.db']);
    expect(readdirSync(join(file, '..'))).toEqual(['b.tar.gz']);
  });
});

describe('a backup that does not come to its end', () => {
  it('leaves nothing behind after a signal, and ends by it', async () => {
    const home = await homeWith();
    const database = new DatabaseSync(join(home, 'gateway.db'));
    database.exec('UPDATE turns SET text = CAST(randomblob(10000000) AS TEXT)');
    database.close();
    const directory = temporaryDirectory();
    const command = new GatewayProcess({ home, args: ['backup', join(directory, 'b')] });
    await eventually(() => expect(readdirSync(directory)).toEqual([expect.stringMatching(/^\.b\.part-/)]));
    command.kill('SIGTERM');
    expect((await command.exited).signal).toBe('SIGTERM');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves after a kill what the next one removes a day later', async () => {
    const home = await homeWith();
    const directory = temporaryDirectory();
    for (const name of ['.b.part-killed', '.b.part-running', '.other.part-killed']) mkdirSync(join(directory, name));
    const yesterday = Date.now() / 1_000 - 90_000;
    for (const name of ['.b.part-killed', '.other.part-killed'])
      utimesSync(join(directory, name), yesterday, yesterday);
    expect(backUp(home, join(directory, 'b')).code).toBe(0);
    expect(readdirSync(directory)).toEqual(['.b.part-running', '.other.part-killed', 'b']);
  });
});

describe('a backup is refused in one line, and leaves nothing behind,', () => {
  it('into the home, also by another name of it', async () => {
    const home = await homeWith();
    const other = join(temporaryDirectory(), 'link');
    symlinkSync(home, other);
    for (const directory of [home, other]) {
      const { code, stderr } = backUp(home, join(directory, 'b'));
      expect([code, stderr]).toEqual([78, expect.stringMatching(/^hermes-gateway: .* is in the home [^\n]*\n$/)]);
    }
    expect(readdirSync(home)).toEqual(['gateway.db']);
  });

  it.each<[what: string, spoil: (home: string) => void, code: number, message: RegExp]>([
    [
      'of a journal that is no database',
      (home) => writeFileSync(join(home, 'gateway.db'), 'x'.repeat(9_000)),
      78,
      /not a SQLite database/,
    ],
    ['of a journal with a damaged page', (home) => damage(join(home, 'gateway.db')), 78, /it is corrupt/],
    ['of a log without its journal', (home) => loseJournal(home), 78, /is missing or empty, but its log/],
    [
      'of a journal that another program has locked',
      (home) => lock(join(home, 'gateway.db')),
      75,
      /another process has locked it/,
    ],
    [
      'of a config.yaml that may hold secrets',
      (home) => writeFileSync(join(home, 'config.yaml'), 'a: [s3cret'),
      78,
      /cannot be known .* --with-secrets/,
    ],
    [
      'of a link in the place of a file',
      (home) => symlinkSync('/etc/passwd', join(home, 'SOUL.md')),
      78,
      /SOUL.md: it is a link/,
    ],
  ])('%s', async (_what, spoil, code, message) => {
    const home = await homeWith();
    spoil(home);
    const directory = temporaryDirectory();
    const { code: found, stderr } = backUp(home, join(directory, 'b'));
    expect([found, stderr]).toEqual([code, expect.stringMatching(message)]);
    expect(stderr).not.toContain('s3cret');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('into a directory that does not exist', async () => {
    const directory = join(temporaryDirectory(), 'gone');
    expect(backUp(await homeWith(), join(directory, 'b'))).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/ENOENT/),
    });
    expect(existsSync(directory)).toBe(false);
  });

  it.skipIf(lacking('root, to have a home of another user', isRoot()))(
    'into a directory that the owner of the home cannot enter (needs root)',
    async () => {
      const home = await homeWith();
      for (const path of [home, ...readdirSync(home).map((name) => join(home, name))]) chownSync(path, 12_345, 12_345);
      const directory = temporaryDirectory();
      chmodSync(directory, 0o700);
      for (const command of [
        ['backup', join(directory, 'b')],
        ['restore', '/etc/hostname', join(home, 'x', 'y')],
      ]) {
        const { code, stderr } = runCommand(command, { HERMES_HOME: home });
        expect([code, stderr]).toEqual([78, expect.stringMatching(/^hermes-gateway: [^\n]*\n$/)]);
      }
      expect(readdirSync(directory)).toEqual([]);
    },
  );

  it.skipIf(cannotMount()).each([
    ['at the copy of the journal', 1],
    // The copy fits, and beside it most of the archive, which cannot be smaller, does not.
    ['at the archive', 24],
  ])('onto a volume that becomes full %s (needs root)', async (_what, mib) => {
    const home = await homeWith();
    const database = new DatabaseSync(join(home, 'gateway.db'));
    database.exec('UPDATE turns SET text = CAST(randomblob(2000000) AS TEXT)');
    database.close();
    const volume = smallVolume(mib);
    const { code, stderr } = backUp(home, join(volume, 'b'));
    expect([code, stderr]).toEqual([78, expect.stringMatching(/no space is left/)]);
    expect(readdirSync(volume)).toEqual([]);
  });

  function damage(path: string): void {
    const bytes = readFileSync(path);
    // The root pages of the tables stay: only what reads a whole table finds it.
    writeFileSync(path, bytes.fill(0xa5, 8_192, bytes.length));
  }

  function loseJournal(home: string): void {
    writeFileSync(join(home, 'gateway.db'), '');
    writeFileSync(join(home, 'gateway.db-wal'), 'messages');
    chmodSync(join(home, 'gateway.db-wal'), 0o600);
  }

  function lock(path: string): void {
    const other = new DatabaseSync(path);
    onTestFinished(() => other.close());
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  }
});
