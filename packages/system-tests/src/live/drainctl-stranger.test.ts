import { chownSync, existsSync, lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARD_SCRIPT } from '@hermes/local-stack';
import {
  isRoot,
  lacking,
  runProgram,
  SECRET,
  type StartedProgram,
  startProgram,
  startStranger,
  temporaryDirectory,
} from '@hermes/test-kit';
import { describe, expect, test } from 'vitest';
import { DRAINCTL } from './drainctl-process.ts';

const OWNER = 64_001;

interface Run {
  readonly home: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  readonly uid?: number;
}

const drainctl = ({ home, args, env = {}, ...rest }: Run) =>
  runProgram({ shim: DRAINCTL, args, env: { HERMES_HOME: home, ...env }, ...rest });

function homeOfOwner(): string {
  const home = temporaryDirectory();
  chownSync(home, OWNER, OWNER);
  return home;
}

async function startDashboard(home: string, port = 0, uid?: number): Promise<StartedProgram & { url: string }> {
  const args = ['serve', '--port', String(port)];
  const cli = startProgram({
    shim: DASHBOARD_SCRIPT,
    args,
    env: { HERMES_HOME: home },
    ...(uid === undefined ? {} : { uid }),
  });
  const url = /^dashboard: (http:\/\/[\d.:]+)/.exec(await cli.firstLine())?.[1] ?? '';
  return Object.assign(cli, { url });
}

describe.skipIf(lacking('root, to be several users', isRoot()))('a program of another user on the port', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)('of a dashboard that ended by %s gets no secret', async (signal) => {
    const home = homeOfOwner();
    const dashboard = await startDashboard(home, 0, OWNER);
    dashboard.child.kill(signal);
    await dashboard.ended();
    const stranger = await startStranger({ port: Number(new URL(dashboard.url).port) });
    const localhost = dashboard.url.replace('127.0.0.1', 'localhost');
    const runs = [
      { uid: OWNER, args: ['status', '--url', dashboard.url] },
      { uid: OWNER, args: ['begin', '--url', localhost] },
      { uid: 0, args: ['cancel'], env: { DRAINCTL_URL: dashboard.url } },
    ];
    for (const run of runs) {
      const { code, stderr } = await drainctl({ home, ...run });
      expect([code, stderr]).toEqual([7, expect.stringMatching(/user id 65534 listens there, expected .*64001/)]);
      expect(stderr).toMatch(/the secret in the home was not sent.*--url URL --token-file FILE/);
    }
    expect(stranger.heard()).toContain('connected');
    expect(stranger.heard()).not.toMatch(/authorization|bearer/i);
  });

  test('gets what a person names for it', async () => {
    const home = temporaryDirectory();
    const stranger = await startStranger();
    const file = join(home, 'token');
    writeFileSync(file, SECRET, { mode: 0o600 });
    await drainctl({ home, args: ['status', '--url', `http://127.0.0.1:${stranger.port}`, '--token-file', file] });
    expect(stranger.heard()).toContain(SECRET);
  });
});

test('a dashboard of the owner of the secret is trusted on its port, by the owner and by root', async () => {
  const home = isRoot() ? homeOfOwner() : temporaryDirectory();
  const owner = isRoot() ? OWNER : undefined;
  const { url } = await startDashboard(home, 0, owner);
  const asOwner = owner === undefined ? {} : { uid: owner };
  for (const host of ['127.0.0.1', 'localhost']) {
    const args = ['status', '--url', url.replace('127.0.0.1', host)];
    expect(await drainctl({ home, args, ...asOwner })).toMatchObject({ code: 0 });
    expect(await drainctl({ home, args })).toMatchObject({ code: 0 });
  }
});

test('without a URL it is the socket in the home, also after a kill', async () => {
  const home = temporaryDirectory();
  const path = join(home, '.dashboard.sock');
  const first = await startDashboard(home);
  expect(await drainctl({ home, args: ['status'] })).toMatchObject({ code: 0, stderr: '' });
  first.child.kill('SIGKILL');
  await first.ended();
  const { ino } = lstatSync(path, { bigint: true });
  const second = await startDashboard(home);
  expect(lstatSync(path, { bigint: true }).ino).not.toBe(ino);
  expect(await drainctl({ home, args: ['begin'] })).toMatchObject({ code: 0 });
  expect(await drainctl({ home, args: ['cancel'] })).toMatchObject({ code: 0 });
  second.child.kill('SIGTERM');
  await second.ended();
  expect(existsSync(path)).toBe(false);
});

test('a second dashboard of a home leaves the socket to the first and says so', async () => {
  const home = temporaryDirectory();
  await startDashboard(home);
  const { ino } = lstatSync(join(home, '.dashboard.sock'));
  const second = await startDashboard(home);
  await expect
    .poll(() => second.stderr())
    .toMatch(/another dashboard of this home answers on .*listening on the TCP port only/);
  second.child.kill('SIGTERM');
  await second.ended();
  expect(lstatSync(join(home, '.dashboard.sock')).ino).toBe(ino);
  expect(await drainctl({ home, args: ['status'] })).toMatchObject({ code: 0 });
});
