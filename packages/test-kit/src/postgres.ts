import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lacking } from './requirements.ts';

const DEBIAN = '/usr/lib/postgresql';

/** The programs of the newest PostgreSQL on this machine; `undefined` if there is none. */
const BINARIES = existsSync(DEBIAN)
  ? readdirSync(DEBIAN)
      .toSorted((one, other) => Number(other) - Number(one))
      .map((version) => join(DEBIAN, version, 'bin'))
      .find((directory) => existsSync(join(directory, 'initdb')))
  : undefined;

/** For `skipIf`. */
export function lacksPostgres(): boolean {
  return lacking('PostgreSQL (apt-get install postgresql)', BINARIES !== undefined);
}

const START_BOUND_MS = 60_000;

/** Every setting that makes a start or a commit slow and protects from a power cut only. */
const FAST = ['fsync=off', 'full_page_writes=off', 'autovacuum=off', 'max_connections=200'];

/**
 * A private PostgreSQL on loopback, in a temporary directory. It ends with this process, however that ends.
 */
export class PostgresCluster {
  readonly port: number;
  readonly directory: string;
  readonly #settings: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, directory: string, settings: readonly string[]) {
    this.port = port;
    this.directory = directory;
    this.#settings = settings;
  }

  /** @param settings such as `fsync=on`, besides fast ones. */
  static async create(settings: readonly string[] = []): Promise<PostgresCluster> {
    const directory = mkdtempSync(join(tmpdir(), 'hermes-postgres-'));
    const { uid, gid } = user();
    if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
    const cluster = new PostgresCluster(await freePort(), directory, [...FAST, ...settings]);
    const flags = ['-D', cluster.#data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    execFileSync(program('initdb'), flags, { ...user(), cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
    await cluster.start();
    return cluster;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  get #data(): string {
    return join(this.directory, 'data');
  }

  /** Starts it, at first or after {@link stop}. */
  async start(): Promise<void> {
    const settings = [...this.#settings, `port=${this.port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
    const line = [program('postgres'), '-D', this.#data, ...settings.flatMap((setting) => ['-c', setting])];
    // The shell ends the server when this process has ended, and its standard input with it.
    const script = '"$@" </dev/null & server=$!; cat >/dev/null; kill -QUIT $server 2>/dev/null; wait $server';
    const child = spawn('/bin/sh', ['-c', script, 'sh', ...line], {
      ...user(),
      cwd: this.directory,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#child = child;
    await this.#untilReady();
  }

  /** Ends it at once, as a crash does. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.stdin?.end();
    await ended;
  }

  /** Ends it, and removes its files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #untilReady(): Promise<void> {
    const flags = ['-h', '127.0.0.1', '-p', String(this.port), '-q'];
    for (const bound = Date.now() + START_BOUND_MS; ; await delay(50)) {
      const isReady = (await answers(this.port)) && spawnSync(program('pg_isready'), flags).status === 0;
      if (isReady) return;
      if (Date.now() > bound) throw new Error(`PostgreSQL in ${this.directory} did not start within 60 s`);
    }
  }
}

let shared: Promise<PostgresCluster> | undefined;
let schemas = 0;

/** The cluster of this process, which is started at the first call. Each test uses a schema of its own. */
export function sharedPostgres(): Promise<PostgresCluster> {
  shared ??= PostgresCluster.create().then((cluster) => {
    process.once('exit', () => rmSync(cluster.directory, { recursive: true, force: true }));
    return cluster;
  });
  return shared;
}

/** The name of a schema that no other test uses. */
export function newSchema(): string {
  schemas += 1;
  return `test_${process.pid}_${schemas}`;
}

function program(name: string): string {
  if (BINARIES === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  return join(BINARIES, name);
}

/** It refuses to run as root. */
function user(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
