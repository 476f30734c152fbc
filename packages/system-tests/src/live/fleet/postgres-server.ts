import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRoot } from '@hermes/test-kit';
import { freePort } from '../torture/free-port.ts';

const BOUND_MS = 120_000;
const run = promisify(execFile);

/** Directory of the newest PostgreSQL of Debian, if there is one. */
function findPrograms(): string | undefined {
  const place = '/usr/lib/postgresql';
  const versions = existsSync(place) ? readdirSync(place).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(place, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

export function hasPostgres(): boolean {
  return findPrograms() !== undefined;
}

/** A private PostgreSQL on loopback that can be restarted. */
export class PostgresServer implements AsyncDisposable {
  readonly #bin: string;
  readonly #directory: string;
  readonly #port: number;
  #server: ChildProcess | undefined;

  private constructor(bin: string, directory: string, port: number) {
    this.#bin = bin;
    this.#directory = directory;
    this.#port = port;
  }

  static async start(): Promise<PostgresServer> {
    const bin = findPrograms();
    if (bin === undefined)
      throw new Error('expected PostgreSQL below /usr/lib/postgresql (apt-get install postgresql)');
    const directory = mkdtempSync(join(tmpdir(), 'hermes-postgres-'));
    const server = new PostgresServer(bin, directory, await freePort());
    try {
      const { uid, gid } = ids();
      if (isRoot()) chownSync(directory, uid ?? 0, gid ?? 0);
      const options = ['-D', server.#data, '-A', 'trust', '-U', 'postgres', '--no-sync', '-E', 'UTF8', '--locale=C'];
      await run(join(bin, 'initdb'), options, { ...ids(), cwd: '/', timeout: BOUND_MS });
      await server.#launch();
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/postgres`;
  }

  get #data(): string {
    return join(this.#directory, 'data');
  }

  /** The rows of a query, read by psql: independent of what is tested. */
  async query<Row>(sql: string): Promise<Row[]> {
    const wrapped = `select coalesce(json_agg(row_to_json(t)), '[]') from (${sql}) t`;
    const options = { encoding: 'utf8', maxBuffer: 2 ** 28, timeout: BOUND_MS } as const;
    const { stdout } = await run(join(this.#bin, 'psql'), ['-XAtq', '-d', this.url, '-c', wrapped], options);
    return JSON.parse(stdout) as Row[];
  }

  /** Ends it with all its connections, as `pg_ctl restart -m fast` does, and starts it again. */
  async restart(): Promise<void> {
    await this.#end('SIGINT');
    await this.#launch();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('SIGQUIT');
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #launch(): Promise<void> {
    const settings = {
      port: this.#port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 200,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = spawn(join(this.#bin, 'postgres'), ['-D', this.#data, ...args], {
      ...ids(),
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#server = server;
    let said = '';
    server.stderr?.setEncoding('utf8').on('data', (words: string) => {
      said = (said + words).slice(-10_000);
    });
    for (const since = Date.now(); !(await this.#isReady()); ) {
      const hasEnded = server.exitCode !== null || server.signalCode !== null;
      if (hasEnded || Date.now() - since > BOUND_MS) throw new Error(`PostgreSQL is not ready: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #isReady(): Promise<boolean> {
    const args = ['-h', '127.0.0.1', '-p', String(this.#port), '-q'];
    return run(join(this.#bin, 'pg_isready'), args, { timeout: BOUND_MS }).then(
      () => true,
      () => false,
    );
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }
}

/** PostgreSQL refuses to run as root. */
function ids(): { uid?: number; gid?: number } {
  if (!isRoot()) return {};
  const entry = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m);
  if (!entry) throw new Error('expected a user postgres');
  return { uid: Number(entry[1]), gid: Number(entry[2]) };
}
