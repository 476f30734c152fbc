import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRoot, lacking, runs } from './requirements.ts';

const BOUND_MS = 120_000;
const INSTALL_MS = 300_000;

/** Where Debian puts the programs of each version. */
const DEBIAN = '/usr/lib/postgresql';

/** A PostgreSQL server of a test, on loopback. */
export interface PostgresServer {
  readonly port: number;
  /** Its data. */
  readonly directory: string;
  /** The URL of its database. */
  readonly url: string;
  /** What it has logged. */
  log(): string;
  /** Stops it at once, as a crash does. */
  stop(): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
}

/** A schema of its own in the database of {@link sharedPostgres}. */
export interface TestSchema {
  readonly url: string;
  readonly schema: string;
}

/** A copy of a server that follows it. */
export interface PostgresStandby extends PostgresServer {
  /** Makes it a server of its own. Resolves when it accepts writes. */
  promote(): Promise<void>;
}

let shared: Promise<PostgresServer> | undefined;
let schemas = 0;

/**
 * Whether tests with PostgreSQL must be skipped, which is said aloud. If it is not installed, and this user may, it is
 * installed first.
 */
export function lacksPostgres(): boolean {
  if (programs() === undefined) install();
  return lacking('PostgreSQL 13 or newer (apt-get install postgresql)', programs() !== undefined);
}

/** The server of this process, started at the first call and stopped when the process ends. */
export function sharedPostgres(): Promise<PostgresServer> {
  shared ??= startPostgres();
  return shared;
}

/** A name of a new schema, which is not created yet, on the server of this process. */
export async function postgresSchema(): Promise<TestSchema> {
  const { url } = await sharedPostgres();
  schemas += 1;
  return { url, schema: `test_${process.pid}_${schemas}` };
}

/** Starts a server with an empty database. It is stopped and removed when this process ends, however it ends. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const bin = programs();
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  const { place, directory, user } = newDirectory();
  const initdb = ['-D', directory, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'];
  const made = spawnSync(join(bin, 'initdb'), initdb, { cwd: '/', encoding: 'utf8', timeout: BOUND_MS, ...user });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error ?? made.stderr}`);
  const port = await freePort();
  const all = {
    listen_addresses: '127.0.0.1',
    port: `${port}`,
    unix_socket_directories: '',
    fsync: 'off',
    shared_buffers: '32MB',
    max_connections: '200',
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value}'\n`);
  writeFileSync(join(directory, 'postgresql.auto.conf'), lines.join(''));
  return new Server(bin, place, directory, port, user).started();
}

/** Starts a standby of a server; from then on, each commit there waits for it. */
export async function startStandby(primary: PostgresServer): Promise<PostgresStandby> {
  const bin = programs();
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  const { place, directory, user } = newDirectory();
  const run = (program: string, ...args: string[]): void => {
    const done = spawnSync(join(bin, program), args, { cwd: '/', encoding: 'utf8', timeout: BOUND_MS, ...user });
    if (done.status !== 0) throw new Error(`${program} failed: ${done.error ?? done.stderr}`);
  };
  run('pg_basebackup', '-D', directory, '-d', primary.url, '-R', '-c', 'fast');
  const port = await freePort();
  appendFileSync(join(directory, 'postgresql.auto.conf'), `port = '${port}'\n`);
  const standby = await new Server(bin, place, directory, port, user).started();
  for (const sql of [`alter system set synchronous_standby_names = '*'`, 'select pg_reload_conf()']) {
    run('psql', '-Xqd', primary.url, '-c', sql);
  }
  return Object.assign(standby, {
    promote: async () => {
      const alone = `alter system set synchronous_standby_names = ''`;
      run('pg_ctl', '-D', directory, '-w', '-t', `${BOUND_MS / 1_000}`, 'promote');
      for (const sql of [alone, 'select pg_reload_conf()']) run('psql', '-Xqd', standby.url, '-c', sql);
    },
  });
}

/** An empty directory for the data of a server, and the user that runs it. */
function newDirectory() {
  const place = mkdtempSync(join(tmpdir(), 'hermes-postgres-'));
  chmodSync(place, 0o755);
  const directory = join(place, 'data');
  mkdirSync(directory, { mode: 0o700 });
  const user = isRoot() ? findUser('postgres') : undefined;
  if (user) chownSync(directory, user.uid, user.gid);
  return { place, directory, user };
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

class Server implements PostgresServer {
  readonly port: number;
  readonly directory: string;
  readonly url: string;
  readonly #bin: string;
  readonly #place: string;
  readonly #user: User | undefined;
  #child: ChildProcess | undefined;

  constructor(bin: string, place: string, directory: string, port: number, user: User | undefined) {
    this.#bin = bin;
    this.#place = place;
    this.directory = directory;
    this.port = port;
    this.#user = user;
    this.url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  }

  log(): string {
    return readFileSync(join(this.#place, 'log'), 'utf8');
  }

  async started(): Promise<this> {
    this.#removeAtTheEnd();
    await this.start();
    return this;
  }

  async start(): Promise<void> {
    const log = openSync(join(this.#place, 'log'), 'a');
    const child = spawn(join(this.#bin, 'postgres'), ['-D', this.directory], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      ...this.#user,
    });
    closeSync(log);
    child.unref();
    this.#child = child;
    await this.#ready();
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    // Its end is awaited, whatever else this process has to do.
    child.ref();
    child.kill('SIGQUIT');
    await ended;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async #ready(): Promise<void> {
    const isReady = ['-h', '127.0.0.1', '-p', `${this.port}`, '-q'];
    const until = performance.now() + BOUND_MS;
    while (performance.now() < until) {
      if (runs(join(this.#bin, 'pg_isready'), ...isReady)) return;
      await pause(50);
    }
    throw new Error(`PostgreSQL did not start; the end of its log: ${this.log().slice(-2_000)}`);
  }

  /** A process that outlives this one, however it ends: its standard input closes then. */
  #removeAtTheEnd(): void {
    const guard = spawn('sh', ['-c', GUARD, 'sh', this.directory, this.#place], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    guard.unref();
    (guard.stdin as Socket).unref();
  }
}

/** Ends the server in the directory `$1` when standard input closes, and removes `$2`. */
const GUARD = `cat >/dev/null
server=$(head -n 1 "$1/postmaster.pid") && kill -QUIT "$server" && while kill -0 "$server"; do sleep 0.1; done
rm -rf "$2"`;

/** The directory of the newest programs; `undefined` if there are none. */
function programs(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number).filter(Number.isInteger) : [];
  const newest = versions.toSorted((one, other) => other - one);
  return newest.map((version) => join(DEBIAN, `${version}`, 'bin')).find((bin) => existsSync(join(bin, 'postgres')));
}

/** Best effort: the caller says what is lacking. The installation must not start a server of the system. */
function install(): void {
  if (!isRoot() || !runs('apt-get', '--version')) return;
  process.stderr.write('PostgreSQL is not installed: installing it for its tests\n');
  mkdirSync('/etc/postgresql-common', { recursive: true });
  appendFileSync('/etc/postgresql-common/createcluster.conf', 'create_main_cluster = false\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'postgresql']]) {
    spawnSync('apt-get', args, { env, stdio: ['ignore', 2, 2], timeout: INSTALL_MS });
  }
}

/** The server refuses to run as root. */
function findUser(name: string): User {
  const [, , uid, gid] = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([found]) => found === name) ?? [name];
  if (uid === undefined) throw new Error(`expected a user ${name}, found none: install PostgreSQL`);
  return { uid: Number(uid), gid: Number(gid) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
