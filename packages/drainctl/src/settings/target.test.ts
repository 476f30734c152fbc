import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, SECRET, temporaryDirectory } from '@hermes/test-kit';
import { expect, test } from 'vitest';
import { ADVICE, readTarget } from './target.ts';

const OTHER_UID = 65_534;
const REFUSED = { result: 'no-credential', exit: 78 };

function tokenFile(mode = 0o600, name = 'token', secret = SECRET): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, `${secret}\n`);
  chmodSync(path, mode);
  return path;
}

test('without any word, it is the dashboard of this machine with the secret in the home', async () => {
  const home = temporaryDirectory();
  writeFileSync(join(home, '.dashboard_token'), SECRET, { mode: 0o600 });
  const own = process.geteuid?.();
  const local = {
    url: new URL('http://127.0.0.1:9119'),
    socketPath: join(home, '.dashboard.sock'),
    trusted: [own, own, 0],
    advice: ADVICE,
  };
  const connection = { url: 'http://127.0.0.1:9119', token: SECRET, local };
  expect(await readTarget({}, { HERMES_HOME: home, DRAINCTL_URL: '', DRAINCTL_TOKEN: '' })).toEqual(connection);
});

test('a URL that was named is asked itself, and a secret that was named goes where its owner says', async () => {
  const home = temporaryDirectory();
  writeFileSync(join(home, '.dashboard_token'), SECRET, { mode: 0o600 });
  const url = 'http://127.0.0.1:9200';
  for (const named of [
    readTarget({ url }, { HERMES_HOME: home }),
    readTarget({}, { HERMES_HOME: home, DRAINCTL_URL: url }),
  ]) {
    expect((await named).local).toMatchObject({ url: new URL(url), socketPath: undefined });
  }
  expect(await readTarget({}, { HERMES_HOME: home, DRAINCTL_TOKEN: SECRET })).not.toHaveProperty('local');
  expect(await readTarget({ tokenFile: tokenFile() }, { HERMES_HOME: home })).not.toHaveProperty('local');
});

test('the command line goes before DRAINCTL_TOKEN, and that before DRAINCTL_TOKEN_FILE', async () => {
  const environment = { DRAINCTL_TOKEN: 'from-environment', DRAINCTL_TOKEN_FILE: tokenFile(0o600, 'b', 'from-file') };
  const tokenOf = async (options: object, env: Record<string, string>) => (await readTarget(options, env)).token;
  expect(await tokenOf({ tokenFile: tokenFile() }, environment)).toBe(SECRET);
  expect(await tokenOf({}, environment)).toBe('from-environment');
  expect(await tokenOf({}, { ...environment, DRAINCTL_TOKEN: '' })).toBe('from-file');
});

test('a URL may have a path, and loses the slash at its end', async () => {
  const options = { url: 'https://ops.example/hermes/', tokenFile: tokenFile() };
  expect((await readTarget(options, {})).url).toBe('https://ops.example/hermes');
});

test.each(['', 'localhost:9119', 'ftp://h', 'http://user:pass@h', 'http://h/?token=x', 'http://h/#token=x'])(
  '%j is a mistake in usage, and what it is does not show',
  async (url) => {
    const error = await readTarget({ url }, {}).catch((e) => e);
    expect(error).toMatchObject({ result: 'usage', exit: 2 });
    expect(error.message).not.toMatch(/pass|token=/);
  },
);

test('the secret of this machine is not for a dashboard elsewhere', async () => {
  const home = temporaryDirectory();
  writeFileSync(join(home, '.dashboard_token'), SECRET, { mode: 0o600 });
  const asked = readTarget({ url: 'http://ops.example:9119' }, { HERMES_HOME: home });
  await expect(asked).rejects.toMatchObject(REFUSED);
});

test.each([0o640, 0o620, 0o604, 0o644, 0o666])('a file of ours with mode %o is refused', async (mode) => {
  await expect(readTarget({ tokenFile: tokenFile(mode) }, {})).rejects.toMatchObject(REFUSED);
});

test.skipIf(lacking('root, to give files away', isRoot()))(
  'a file of another user may be readable by a group, as container secrets are, but not by all',
  async () => {
    const path = tokenFile(0o640);
    chownSync(path, OTHER_UID, OTHER_UID);
    expect((await readTarget({ tokenFile: path }, {})).token).toBe(SECRET);
    chmodSync(path, 0o644);
    await expect(readTarget({ tokenFile: path }, {})).rejects.toMatchObject(REFUSED);
  },
);

test('a link is followed where it was named, and refused where it was only found', async () => {
  const home = temporaryDirectory();
  symlinkSync(tokenFile(), join(home, '.dashboard_token'));
  expect((await readTarget({ tokenFile: join(home, '.dashboard_token') }, {})).token).toBe(SECRET);
  const found = readTarget({}, { HERMES_HOME: home });
  await expect(found).rejects.toMatchObject({ ...REFUSED, message: expect.stringContaining('symbolic link') });
});

test('what is no secret on one line is refused, and not repeated', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'directory'));
  execFileSync('mkfifo', ['-m', '600', join(directory, 'fifo')]);
  writeFileSync(join(directory, 'huge'), 'x'.repeat(5000), { mode: 0o600 });
  writeFileSync(join(directory, 'key'), 'private\nprivate\n', { mode: 0o600 });
  writeFileSync(join(directory, 'empty'), '', { mode: 0o600 });
  for (const name of ['directory', 'fifo', 'huge', 'key', 'empty', 'missing']) {
    const error = await readTarget({ tokenFile: join(directory, name) }, {}).catch((e) => e);
    expect(error).toMatchObject(REFUSED);
    expect(error.message).not.toContain('private');
  }
});
