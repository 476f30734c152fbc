import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { holdFileLock, processStartTime } from '@hermes/drain-contract';
import { freeze, temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentConfig } from '../agents/config.ts';
import { configSchema, type GatewayConfig } from '../config/schema.ts';
import { failedStart, startGateway } from '../testing/gateway-process.ts';
import { openJournal } from '../testing/journals.ts';
import { turn } from '../testing/turns.ts';
import { cannotMount, fill, smallVolume } from '../testing/volumes.ts';
import { checkAgent } from './agent.ts';
import { checkApiKey } from './api-key.ts';
import { checkDisk } from './disk.ts';
import { checkGateway } from './gateway.ts';
import { checkJournal } from './journal.ts';
import { deviceNumbers, lockHolders } from './lock-holders.ts';
import { checkLocks } from './locks.ts';
import { checkPort } from './port.ts';
import { watchExamination } from './watch.ts';

function config(value: object): GatewayConfig {
  return { ...configSchema.parse(value), on_drain: 'refuse' };
}

describe('the API key', () => {
  it.each<[object, object]>([
    [{}, { ok: true }],
    [{ host: '0.0.0.0' }, { ok: false, cure: expect.stringMatching(/^export API_SERVER_KEY=/) }],
    [{ key: 'abc' }, { ok: null, warning: true }],
    [
      { host: '0.0.0.0', key: 'abc' },
      { ok: false, found: expect.stringMatching(/can be guessed/) },
    ],
    [{ host: '0.0.0.0', key: '5dUO1a9BqZ2xvN7rKp4Tt8HsYwEeJmLcGfQi3oRkUbX' }, { ok: true }],
  ])('of %j is %j', (server, finding) => expect(checkApiKey(config({ api_server: server }))).toMatchObject(finding));
});

describe('the port', () => {
  it('is free, or held by a stranger, or not ours to use', async () => {
    const home = temporaryDirectory();
    const stranger = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void stranger.close());
    await once(stranger, 'listening');
    const { port } = stranger.address() as AddressInfo;
    const held = await checkPort(home, config({ api_server: { port } }));
    expect(held).toMatchObject({ ok: false, found: `another program listens on http://127.0.0.1:${port}` });
    expect(held.cure).toContain(`ss -ltnp sport = :${port}`);
    expect(await checkPort(home, config({ api_server: { port: 0 } }))).toMatchObject({ ok: true });
    const foreign = config({ api_server: { host: '192.0.2.1', port: 1234, key: 'x' } });
    expect(await checkPort(home, foreign)).toMatchObject({ ok: false, found: expect.stringMatching(/no address/) });
  });

  it("is held by this home's own gateway, which is as it should be", async () => {
    const gateway = await startGateway({ home: temporaryDirectory() });
    const port = Number(new URL(gateway.url).port);
    await eventually(() => expect(gateway.state?.endpoint).toBe(gateway.url));
    const found = `${gateway.url} is held by the gateway of this home (pid ${gateway.pid})`;
    expect(await checkPort(gateway.home, config({ api_server: { port } }))).toEqual({ ok: true, found, cure: null });
    expect(checkLocks(gateway.home)).toMatchObject({ ok: true, found: expect.stringContaining(`pid ${gateway.pid}`) });
  });
});

describe('the disk', () => {
  it('is written to, and looks as before', () => {
    const home = temporaryDirectory();
    expect(checkDisk(home)).toMatchObject({ ok: true });
    expect(readdirSync(home)).toEqual([]);
  });

  it.skipIf(cannotMount())('that is full is a fault, although the home can be changed (needs root)', () => {
    const home = smallVolume(1);
    fill(home);
    expect(checkDisk(home)).toMatchObject({
      ok: false,
      found: expect.stringMatching(/write and flush 512 bytes.*ENOSPC/),
    });
    expect(readdirSync(home)).toEqual(['filler']);
  });
});

describe('the locks', () => {
  it('name the process that holds them without being the gateway', () => {
    const home = temporaryDirectory();
    const lock = holdFileLock(join(home, '.gateway.lock'));
    onTestFinished(() => lock?.[Symbol.dispose]());
    expect(checkLocks(home)).toMatchObject({
      ok: false,
      found: expect.stringContaining(`process ${process.pid} holds`),
    });
  });

  it('name a gateway that only gateway.pid names, as an old one of the reference system', () => {
    const home = temporaryDirectory();
    const found = expect.stringContaining(`process ${process.pid} is a gateway of this home`);
    writeFileSync(join(home, 'gateway.pid'), JSON.stringify({ pid: process.pid, start_time: processStartTime() }));
    expect(checkLocks(home)).toMatchObject({ ok: false, found, cure: expect.stringContaining('stop it') });
    rmSync(join(home, 'gateway.pid'));
    expect(checkLocks(home)).toMatchObject({ ok: true });
  });

  it.each<[string, number[]]>([
    ['1: POSIX  ADVISORY  WRITE 12 fe:01:99 0 EOF', [12]],
    ['1: POSIX  ADVISORY  READ  0 fe:01:99 10 20\n2: FLOCK  ADVISORY  WRITE 7 fe:01:99 0 EOF', [0, 7]],
    ['1: OFDLCK ADVISORY  WRITE -1 fe:01:99 0 EOF', [0]],
    ['1: -> POSIX  ADVISORY  WRITE 12 fe:01:99 0 EOF', [12]],
    ['1: POSIX  ADVISORY  WRITE 12 fe:02:99 0 EOF\n2: POSIX  ADVISORY  WRITE 12 fe:01:98 0 EOF\ngarbage', []],
  ])('%j are those of %j', (text, pids) => {
    expect(lockHolders(text, { major: 0xfe, minor: 1, inode: 99 })).toEqual(pids);
  });

  it('know devices by both numbers', () => {
    expect([0xfe01, 0x800, 0x100003].map(deviceNumbers)).toEqual([
      { major: 0xfe, minor: 1 },
      { major: 8, minor: 0 },
      { major: 0, minor: 0x103 },
    ]);
  });
});

describe('the journal', () => {
  it('is read without a change', async () => {
    const home = temporaryDirectory();
    const path = join(home, 'gateway.db');
    const journal = openJournal(path);
    await journal.accept(turn('a'));
    const found = { ok: true, found: expect.stringMatching(/^sound, schema \d+, 1 turns without an end$/) };
    expect(checkJournal(home)).toMatchObject(found);
    await journal.close();
    const before = readFileSync(path);
    expect(checkJournal(home)).toMatchObject(found);
    expect(readdirSync(home)).toEqual(['gateway.db']);
    expect(readFileSync(path).equals(before)).toBe(true);
    writeFileSync(path, before.fill(0xa5, 8_192));
    expect(checkJournal(home)).toMatchObject({ ok: false, found: expect.stringMatching(/corrupt.*mkdir/) });
    expect(readdirSync(home)).toEqual(['gateway.db']);
  });
});

describe('the gateway', () => {
  it('is live, frozen, dead or stopped', async () => {
    const home = temporaryDirectory();
    const gateway = await startGateway({ home });
    expect(checkGateway(home, 'default')).toMatchObject({ ok: true, found: `running, live (pid ${gateway.pid})` });
    await freeze(gateway.pid);
    const path = join(home, 'gateway_state.json');
    const state = JSON.parse(readFileSync(path, 'utf8'));
    // As after a minute without a heartbeat.
    writeFileSync(path, JSON.stringify({ ...state, updated_at: new Date(Date.now() - 60_000).toISOString() }));
    expect(checkGateway(home, 'default')).toMatchObject({
      ok: false,
      cure: expect.stringContaining(`kill -CONT ${gateway.pid}`),
    });
    gateway.kill('SIGKILL');
    await gateway.exited;
    expect(checkGateway(home, 'default')).toMatchObject({
      ok: false,
      found: expect.stringMatching(/^it died while running/),
    });
    const next = await startGateway({ home });
    next.kill('SIGTERM');
    await next.exited;
    expect(checkGateway(home, 'default')).toMatchObject({
      ok: null,
      found: expect.stringMatching(/^stopped at .*SIGTERM/),
    });
  });

  it('that could not start is a fault, with its reason', async () => {
    const home = temporaryDirectory();
    mkdirSync(join(home, 'gateway.db'));
    expect((await failedStart({ home })).code).toBe(78);
    expect(checkGateway(home, 'default')).toMatchObject({
      ok: false,
      found: expect.stringMatching(/not a regular file/),
    });
  });
});

/** A server that gives the same answer to everything. */
async function answering(status: number, location: string) {
  const asked: string[] = [];
  const listening = createHttpServer(({ url, headers }, response) => {
    asked.push(`${url} with ${headers.authorization}`);
    response.writeHead(status, { location }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const close = () => {
    listening.closeAllConnections();
    listening.close();
  };
  onTestFinished(close);
  return { asked, close, baseUrl: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/v1` };
}

describe('the agent', () => {
  const parse = (agent: object): AgentConfig => config({ agent }).agent;
  const server = (baseUrl: string) => parse({ kind: 'openai', base_url: baseUrl, model: 'm', key_env: 'KEY' });

  it.each<[number, boolean | null]>([
    [200, true],
    [401, false],
    [404, null],
    [500, false],
    [302, false],
  ])('at a server that answers %i is %s', async (status, ok) => {
    const elsewhere = await answering(200, '');
    const model = await answering(status, elsewhere.baseUrl);
    expect(await checkAgent(server(model.baseUrl), { KEY: 's3cret' })).toMatchObject({ ok });
    expect(model.asked).toEqual(['/v1/models with Bearer s3cret']);
    expect(elsewhere.asked).toEqual([]);
  });

  it('at no server, or without its key, is a fault that does not show the key', async () => {
    const model = await answering(200, '');
    model.close();
    const finding = await checkAgent(server(model.baseUrl), { KEY: 's3cret' });
    expect(finding).toMatchObject({ ok: false, found: expect.stringMatching(/ECONNREFUSED/) });
    expect(JSON.stringify(finding)).not.toContain('s3cret');
    expect(await checkAgent(server(model.baseUrl), {})).toMatchObject({ ok: false, cure: 'export KEY=...' });
  });

  it('that is a program must exist and be a program', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'plain'), '');
    writeFileSync(join(directory, 'agent'), '#!/bin/sh\n');
    chmodSync(join(directory, 'agent'), 0o755);
    const check = (command: string) => checkAgent(parse({ kind: 'command', command: [command] }), { PATH: directory });
    expect(await check('agent')).toMatchObject({ ok: true, found: `${directory}/agent can be run` });
    expect(await check(join(directory, 'agent'))).toMatchObject({ ok: true });
    expect(await check('plain')).toMatchObject({ ok: false, found: expect.stringMatching(/EACCES/) });
    expect(await check('gone')).toMatchObject({
      ok: false,
      found: expect.stringMatching(/^gone does not exist in PATH/),
    });
  });
});

describe('an examination', () => {
  const examiner = (script: string) => ({ command: [process.execPath, '-e', script], bound: 2_000 });

  it('that hangs is reported, and what it did not reach is unknown', async () => {
    const configuration = { profile: 'p', check: 'configuration', ok: true, found: 'valid', cure: null };
    const lines = [{ begin: 'configuration' }, { checks: [configuration] }, { begin: 'home' }];
    const script = `${lines.map((line) => `console.log(${JSON.stringify(JSON.stringify(line))})`).join(';')}; setInterval(() => {}, 1e6)`;
    const checks = await watchExamination('p', examiner(script));
    expect(checks.slice(0, 3)).toEqual([
      configuration,
      expect.objectContaining({ check: 'home', ok: false, cure: expect.stringContaining('timeout 5 df ') }),
      expect.objectContaining({ check: 'owner', ok: null, found: 'not checked: the check of the home hangs' }),
    ]);
    expect(checks).toHaveLength(14);
  });

  it('that fails passes on why', async () => {
    const script = 'console.error("hermes-gateway: no profile x"); process.exit(78)';
    await expect(watchExamination('x', examiner(script))).rejects.toMatchObject({
      message: 'no profile x',
      temporary: false,
    });
  });
});
