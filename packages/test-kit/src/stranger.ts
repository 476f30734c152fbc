import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** A user who is neither root nor the owner of anything in a test. */
export const STRANGER = 65_534;

const BOUND_MS = 120_000;

/** Listens on a port and passes on all that arrives; an answer is one of a dashboard without a drain. */
const LISTEN = `
const server = require('node:http').createServer((request, response) => {
  console.log(JSON.stringify(request.rawHeaders));
  response.end('{}');
});
server.on('connection', (socket) => console.log('connected'));
server.listen({ port: Number(process.argv[1]), host: process.argv[2] }, () => console.log('port ' + server.address().port));`;

const CONNECT = `
require('node:net').connect(process.argv[1])
  .on('connect', () => { console.log('connected'); process.exit(); })
  .on('error', ({ code }) => console.log(code));`;

export interface Stranger {
  readonly port: number;
  /** All that it was sent so far. */
  heard(): string;
  /** Waits until it has heard something that matches. */
  hears(pattern: RegExp): Promise<void>;
}

export interface StrangerOptions {
  /** 0 picks a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly uid?: number;
}

/** A program of another user that listens on a TCP port; needs root. Killed when the test is over. */
export async function startStranger(options: StrangerOptions = {}): Promise<Stranger> {
  const { port = 0, host = '127.0.0.1', uid = STRANGER } = options;
  const { heard, hears } = runAs(uid, LISTEN, String(port), host);
  await hears(/^port \d+\n/);
  return { port: Number(/^port (\d+)/.exec(heard())?.[1]), heard, hears };
}

/** What becomes of another user's connection to the socket at `path`: `connected`, or the code of the error; needs root. */
export async function connectAsStranger(path: string): Promise<string> {
  const { heard, hears } = runAs(STRANGER, CONNECT, path);
  await hears(/\n/);
  return heard().trim();
}

function runAs(uid: number, code: string, ...args: string[]): Pick<Stranger, 'heard' | 'hears'> {
  const child = spawn(process.execPath, ['-e', code, ...args], {
    uid,
    gid: uid,
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const bound = AbortSignal.timeout(BOUND_MS);
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.stderr += text;
  });
  const closed = once(child, 'close');
  const hears = async (pattern: RegExp) => {
    while (!pattern.test(said.stdout)) {
      const next = once(child.stdout, 'data', { signal: bound });
      const ended = await Promise.race([next.then(() => false), closed.then(() => true)]);
      if (ended && !pattern.test(said.stdout)) throw new Error(`the stranger ended early: ${said.stderr}`);
    }
  };
  return { heard: () => said.stdout, hears };
}
