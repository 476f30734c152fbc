import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { readDrainRequest } from '@hermes/drain-contract';
import { isRoot, lacking } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, test } from 'vitest';
import { runProgram, startCli } from '../testing/cli.ts';
import { problemOf, SECRET, testDashboard } from '../testing/dashboard.ts';
import { temporaryHome } from '../testing/home.ts';
import { Credentials } from './credentials.ts';
import { readCredentialsFile } from './credentials-file.ts';

const DRAIN = '/api/gateway/drain';
const [ALICE, BOB, CAROL] = ['alice', 'bob', 'carol'].map(secretOf) as [string, string, string];
const ALL = ['read', 'drain', 'restart'] as const;

function secretOf(name: string): string {
  return `${name}-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefgh`;
}

function fileWith(text: string, mode = 0o600): string {
  const path = join(temporaryHome(), 'credentials.yaml');
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

const entry = (name: string, scopes: readonly string[] = ALL, secret = secretOf(name)) => ({ name, secret, scopes });

test.each([
  ['read', ALICE, [200, 403, 403, 403]],
  ['drain', BOB, [200, 200, 200, 403]],
  ['restart', CAROL, [200, 403, 403, 501]],
  ['everything', SECRET, [200, 200, 200, 501]],
] as const)('one who may %s gets no further', async (_what, secret, statuses) => {
  const { ask } = await testDashboard({
    named: [
      { name: 'alice', secret: ALICE, scopes: ['read'] },
      { name: 'bob', secret: BOB, scopes: ['drain'] },
      { name: 'carol', secret: CAROL, scopes: ['restart'] },
    ],
  });
  const headers = { authorization: `Bearer ${secret}` };
  const requests = [
    { method: 'GET', url: '/api/profiles' },
    { method: 'POST', url: DRAIN },
    { method: 'DELETE', url: DRAIN },
    { method: 'POST', url: '/api/gateway/restart' },
  ] as const;
  for (const [index, request] of requests.entries()) {
    const response = await ask({ ...request, headers });
    expect(response.statusCode, request.url).toBe(statuses[index]);
    if (response.statusCode === 403)
      expect(problemOf(response)).toMatchObject({ code: 'forbidden', scope: expect.any(String) });
  }
});

test('the principal of a marker is the name of the credential', async () => {
  const { ask, home } = await testDashboard({ named: [{ name: 'ci@fleet', secret: BOB, scopes: ['drain'] }] });
  await ask({ method: 'POST', url: DRAIN, headers: { authorization: `Bearer ${BOB}` } });
  expect(readDrainRequest({ home })).toMatchObject({ principal: 'ci@fleet' });
});

test('what has not changed stays, what has is revoked', () => {
  const credentials = new Credentials([entry('alice'), entry('bob')] as never);
  const [alice, bob] = [credentials.find(ALICE), credentials.find(BOB)];
  credentials.replace([entry('bob', ['read']), entry('alice'), entry('carol')] as never);
  expect(credentials.find(ALICE)).toBe(alice);
  expect([alice?.revoked.aborted, bob?.revoked.aborted]).toEqual([false, true]);
  expect(credentials.find(BOB)?.scopes).toEqual(new Set(['read']));
  expect([credentials.find(CAROL)?.name, credentials.find(''), credentials.find(`${ALICE} `)]).toEqual([
    'carol',
    undefined,
    undefined,
  ]);
});

test('a file may be YAML or JSON', () => {
  const list = [entry('alice'), entry('bob', ['read'])];
  expect(readCredentialsFile(fileWith(JSON.stringify(list)))).toEqual(list);
  const yaml = `- name: alice\n  secret: ${ALICE}\n  scopes: [read] # only\n`;
  expect(readCredentialsFile(fileWith(yaml))).toEqual([entry('alice', ['read'])]);
});

test.each<[what: string, text: string, message: RegExp]>([
  ['no list', '{}', /expected a list/],
  ['no YAML', `- [${ALICE}`, /neither YAML nor JSON/],
  ['an alias', `- &a {name: alice, secret: ${ALICE}, scopes: [read]}\n- *a\n`, /neither YAML nor JSON/],
  ['a bad name', JSON.stringify([entry('Alice')]), /entry 1\.name/],
  ['two of a name', JSON.stringify([entry('alice'), entry('alice', ['read'], BOB)]), /entry 2: the name alice/],
  ['a secret twice', JSON.stringify([entry('alice'), entry('bob', ['read'], ALICE)]), /the secret of bob/],
  ['a weak secret', JSON.stringify([entry('alice', ALL, 'hunter2hunter2')]), /secret of alice is too weak/],
  ['an unknown scope', JSON.stringify([entry('alice', ['root'])]), /entry 1\.scopes\.0/],
  ['no scope', JSON.stringify([entry('alice', [])]), /entry 1\.scopes/],
  ['a secret as a key', JSON.stringify([{ ...entry('alice'), [BOB]: 1 }]), /has a key that is not/],
  ['too much', ' '.repeat(300_000), /bytes/],
])('a file that holds %s is refused without a word of a secret', (_what, text, message) => {
  const path = fileWith(text);
  const refusal = refusalOf(path);
  expect(refusal).toMatch(message);
  expect(refusal).toContain(path);
  for (const secret of [ALICE, BOB, 'hunter2']) expect(refusal).not.toContain(secret);
});

test.each([0o640, 0o604, 0o660])('a file of mode %o is refused', (mode) => {
  expect(refusalOf(fileWith(JSON.stringify([entry('alice')]), mode))).toContain('chmod 600');
});

test('a directory and nothing at all are refused', () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'directory'));
  expect(refusalOf(join(home, 'directory'))).toContain('regular file');
  expect(refusalOf(join(home, 'nothing'))).toContain('nothing');
});

test.skipIf(lacking('root, to own files for others', isRoot()))('a file of another user is refused', () => {
  const path = fileWith(JSON.stringify([entry('alice')]));
  chownSync(path, 65_534, 65_534);
  expect(refusalOf(path)).toContain('user id 65534');
});

test('a dashboard with a bad file does not start', async () => {
  const path = fileWith(JSON.stringify([entry('alice')]), 0o644);
  const env = { HERMES_HOME: temporaryHome(), HERMES_DASHBOARD_CREDENTIALS: path };
  const { code, stderr } = await runProgram({ args: ['serve', '--port', '0'], env });
  expect([code, stderr]).toEqual([78, expect.stringMatching(/^hermes-dashboard: cannot use the credentials in .+\n$/)]);
});

test.each([
  ['an empty list', (path: string) => replaceFile(path, '[]')],
  ['an empty file', (path: string) => replaceFile(path, '')],
  ['a file with nothing but remarks', (path: string) => replaceFile(path, '# none\n')],
  ['a deleted file', (path: string) => rmSync(path)],
])('%s revokes the last credential of a real dashboard', async (_what, revoke) => {
  const path = fileWith(JSON.stringify([entry('alice')]));
  const statusOf = await realDashboard(path);
  expect(await statusOf(ALICE)).toBe(200);
  revoke(path);
  await eventually(async () => expect(await statusOf(ALICE)).toBe(401));
  expect(await statusOf(SECRET)).toBe(200);
  replaceFile(path, JSON.stringify([entry('bob')]));
  await eventually(async () => expect(await statusOf(BOB)).toBe(200));
});

test('half a file keeps what is known, and the probe and the metrics of a real dashboard say so', async () => {
  const text = JSON.stringify([entry('alice')]);
  const path = fileWith(text);
  const statusOf = await realDashboard(path);
  const figures = async () => [
    await (await fetch(`${statusOf.url}readyz?verbose`)).json(),
    /^hermes_dashboard_credentials_file_usable (\d)/m.exec(await (await fetch(`${statusOf.url}metrics`)).text())?.[1],
  ];
  const expected = (ok: boolean) => [
    { status: 'ok', checks: expect.arrayContaining([{ name: 'credentials_file', ok }]) },
    ok ? '1' : '0',
  ];
  expect(await figures()).toEqual(expected(true));
  replaceFile(path, text.slice(0, text.length / 2));
  await eventually(async () => expect(await figures()).toEqual(expected(false)));
  expect(await statusOf(ALICE)).toBe(200);
  replaceFile(path, text);
  await eventually(async () => expect(await figures()).toEqual(expected(true)));
  expect(await statusOf(ALICE)).toBe(200);
});

async function realDashboard(credentials: string) {
  const env = {
    HERMES_HOME: temporaryHome(),
    HERMES_DASHBOARD_CREDENTIALS: credentials,
    HERMES_DASHBOARD_DRAIN_SECRET: SECRET,
  };
  const dashboard = startCli({ args: ['serve', '--port', '0'], env, boundMs: 60_000 });
  const url = (await dashboard.firstLine()).replace('dashboard: ', '');
  const statusOf = async (secret: string) =>
    (await fetch(`${url}api/status`, { headers: { authorization: `Bearer ${secret}` } })).status;
  return Object.assign(statusOf, { url });
}

test('a changed file is picked up without a restart, a broken one is not', async () => {
  const path = fileWith(JSON.stringify([entry('alice')]));
  const env = {
    HERMES_HOME: temporaryHome(),
    HERMES_DASHBOARD_CREDENTIALS: path,
    HERMES_DASHBOARD_DRAIN_SECRET: SECRET,
  };
  const dashboard = startCli({ args: ['serve', '--port', '0'], env });
  const url = (await dashboard.firstLine()).replace('dashboard: ', '');
  const statusOf = async (secret: string) =>
    (await fetch(`${url}api/status`, { headers: { authorization: `Bearer ${secret}` } })).status;
  expect([await statusOf(ALICE), await statusOf(SECRET), await statusOf(BOB)]).toEqual([200, 200, 401]);

  replaceFile(path, JSON.stringify([entry('bob', ['read'])]));
  await eventually(async () => expect(dashboard.stderr()).toContain('credentials reloaded'));
  expect([await statusOf(ALICE), await statusOf(SECRET), await statusOf(BOB)]).toEqual([401, 200, 200]);

  appendFileSync(path, 'broken');
  await eventually(() => expect(dashboard.stderr()).toContain('the old ones stay in force'));
  expect([await statusOf(SECRET), await statusOf(BOB)]).toEqual([200, 200]);
  for (const secret of [ALICE, BOB, SECRET]) expect(dashboard.stderr()).not.toContain(secret);
});

function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

test('a file that is mounted as a link is followed', () => {
  const path = fileWith(JSON.stringify([entry('alice')]));
  symlinkSync(path, `${path}.link`);
  expect(readCredentialsFile(`${path}.link`)).toHaveLength(1);
});

function refusalOf(path: string): string {
  try {
    readCredentialsFile(path);
  } catch (error) {
    expect((error as Error).name).toBe('StartupError');
    return (error as Error).message;
  }
  throw new Error('expected a refusal');
}
