import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lacking, runs } from '@hermes/test-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { drives } from '../platforms/drives.ts';
import { Testbed } from './testbed.ts';

drives('proxies', 'both samples, below a path', { HAProxy: 'haproxy -v', nginx: 'nginx -v' });

const DEPLOY = fileURLToPath(new URL('../../../../deploy/', import.meta.url));
const BOUND_MS = 120_000;

interface Proxy {
  readonly program: string;
  readonly sample: string;
  /** The command that runs the sample, whose text with our ports is `text`, in `directory`. */
  readonly command: (directory: string, text: string) => string[];
}

const PROXIES: Proxy[] = [
  { program: 'nginx', sample: 'nginx/hermes.conf', command: nginx },
  { program: 'haproxy', sample: 'haproxy/haproxy.cfg', command: haproxy },
];

describe.each(PROXIES)('behind $program as in the sample', (proxy) => {
  const skipped = lacking(proxy.program, runs(proxy.program, '-v'));

  test.skipIf(skipped)(
    'messages, streams, a long-poll and the page get through, and a refusal is sent once',
    async () => {
      const gate = new Gate();
      await using testbed = await Testbed.start({ agent: gate.agent });
      const { url, log } = await start(proxy, testbed);
      expect((await say(url, { text: 'hello there' })).status).toBe(200);
      await expectPieceByPiece(url, gate);
      const large = await completion(url, 'x'.repeat(2 * 1_048_576));
      expect(large.status).toBe(200);

      const missing = await fetch(`${url}/v1/embeddings`, { method: 'POST' });
      expect([missing.status, await missing.json()]).toMatchObject([404, { error: { code: 'not-found' } }]);

      const token = new URLSearchParams(new URL(testbed.dashboard.link).hash.slice(1)).get('token');
      const headers = { authorization: `Bearer ${token}` };
      gate.shut();
      await testbed.client.sayLater('busy', 'hello');
      await expect.poll(async () => (await testbed.client.status()).body.active_agents, { timeout: BOUND_MS }).toBe(1);
      await fetch(`${url}/hermes/api/gateway/drain`, { method: 'POST', headers });
      const refused = await say(url, { text: 'again' });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await refused.json()).toMatchObject({ code: 'draining' });
      const figures = await (await fetch(`${testbed.gateway.url}/metrics`)).text();
      expect(figures).toContain('hermes_messages_refused_total{reason="draining"} 1\n');

      const waiting = fetch(`${url}/hermes/api/gateway/drain?until=drained&wait=90`, { headers });
      gate.open();
      const drained = await waiting;
      expect([drained.status, await drained.json()]).toMatchObject([200, { safe_to_stop: true }]);

      expect((await fetch(`${url}/hermes`, { redirect: 'manual' })).headers.get('location')).toMatch(/\/hermes\/$/);
      for (const page of ['/hermes/', '/hermes/docs', '/hermes/docs/']) await expectWhole(`${url}${page}`);
      // A query may hold the ticket of an event stream.
      if (proxy.program === 'nginx') await expect.poll(log).toMatch(/"GET \/hermes\/api\/gateway\/drain" 200/);
      expect(log()).not.toContain('?');
    },
    2 * BOUND_MS,
  );
});

interface Running {
  /** Its base URL. */
  readonly url: string;
  /** What it has logged of requests. */
  log(): string;
}

/** Starts the proxy with its sample, in which only the ports and the place of the log are other ones. */
async function start({ program, sample, command }: Proxy, testbed: Testbed): Promise<Running> {
  const directory = mkdtempSync(join(tmpdir(), `hermes-${program}-`));
  const port = await freePort();
  const text = readFileSync(join(DEPLOY, sample), 'utf8')
    .replaceAll('/var/log/nginx', directory)
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`)
    .replaceAll('127.0.0.1:8642', new URL(testbed.gateway.url).host)
    .replaceAll('127.0.0.1:9119', new URL(testbed.dashboard.url).host);
  const [file = '', ...args] = command(directory, text);
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (words: string) => {
      said += words;
    });
  }
  onTestFinished(async () => {
    await end(child);
    rmSync(directory, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  const answers = () => fetch(`${url}/livez`).then(({ status }) => status);
  await expect.poll(() => answers().catch(() => said), { timeout: BOUND_MS, interval: 100 }).toBe(200);
  const log = join(directory, 'hermes.log');
  return { url, log: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  // Their workers are in the group, too.
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await ended;
}

function nginx(directory: string, text: string): string[] {
  const main = join(directory, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => {
    mkdirSync(join(directory, name));
    return `${name}_temp_path ${join(directory, name)};`;
  });
  const http = `access_log off; ${temporary.join(' ')}\n${text}`;
  // Its workers would be of a user who cannot enter our directory.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  writeFileSync(main, `daemon off; ${user} pid ${directory}/pid; error_log stderr;\nevents {}\nhttp {\n${http}\n}\n`);
  return ['nginx', '-c', main, '-e', 'stderr'];
}

function haproxy(directory: string, text: string): string[] {
  const path = join(directory, 'haproxy.cfg');
  writeFileSync(path, text);
  return ['haproxy', '-db', '-f', path];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address === 'object' && address) return address.port;
  throw new Error('no port');
}

function say(url: string, more: object, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify({ session: 's', ...more });
  return fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

function completion(url: string, instructions: string): Promise<Response> {
  const messages = [
    { role: 'system', content: instructions },
    { role: 'user', content: 'see' },
  ];
  const body = JSON.stringify({ model: 'm', messages });
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

/** The beginning of a streamed reply is here while its end does not exist yet. */
async function expectPieceByPiece(url: string, gate: Gate): Promise<void> {
  gate.shut();
  const answer = await say(url, { text: 'the end' }, { accept: 'text/event-stream' });
  const text = new TextDecoder();
  let seen = '';
  for await (const piece of answer.body ?? []) {
    seen += text.decode(piece as Uint8Array, { stream: true });
    if (seen.includes('the beginning')) gate.open();
  }
  expect(seen).toMatch(/the beginning[\s\S]*the end[\s\S]*"status":"done"/);
}

/** Lets the turns of an agent come to their end, or not. */
class Gate {
  readonly #directory = mkdtempSync(join(tmpdir(), 'hermes-gate-'));
  readonly #file = join(this.#directory, 'open');

  constructor() {
    this.open();
    onTestFinished(() => rmSync(this.#directory, { recursive: true, force: true }));
  }

  /** The `agent` section of config.yaml: says that it begins, and its text once the gate is open. */
  get agent(): string {
    const script = `text=$(cat); echo the beginning; until [ -e ${this.#file} ]; do sleep 0.1; done; echo "$text"`;
    return JSON.stringify({ kind: 'command', command: ['sh', '-c', script], timeout: 60 });
  }

  open(): void {
    writeFileSync(this.#file, '');
  }

  shut(): void {
    rmSync(this.#file, { force: true });
  }
}

/** The page and everything that it names are there. */
async function expectWhole(page: string): Promise<void> {
  const answer = await fetch(page);
  const links = [...(await answer.text()).matchAll(/(?:href|src)="([^"#]+)"/g)].map(
    ([, link = '']) => new URL(link, page),
  );
  expect(links.length).toBeGreaterThan(1);
  for (const link of links) expect([link.href, (await fetch(link)).status]).toEqual([link.href, 200]);
}
