import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type PostgresServer, startPostgres } from '@hermes/test-kit/postgres';

const run = promisify(execFile);
const BOUND_MS = 120_000;
/** After a restart of the server, gateways wait so long before they take over. */
const GRACE_SECONDS = 10;

/** A private PostgreSQL that can be restarted, with the settings of a real one. */
export class Database implements AsyncDisposable {
  readonly #server: PostgresServer;

  private constructor(server: PostgresServer) {
    this.#server = server;
  }

  static async start(): Promise<Database> {
    return new Database(await startPostgres({ fsync: 'on', shared_buffers: '128MB' }));
  }

  get url(): string {
    return this.#server.url;
  }

  /** Of its main process. */
  get pid(): number {
    return Number(readFileSync(join(this.#server.directory, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** The rows of a query, read by psql: independent of what is tested. */
  async query<Row>(sql: string): Promise<Row[]> {
    const wrapped = `select coalesce(json_agg(row_to_json(t)), '[]') from (${sql}) t`;
    const options = { encoding: 'utf8', maxBuffer: 2 ** 28, timeout: BOUND_MS } as const;
    const { stdout } = await run('psql', ['-XAtq', '-d', this.url, '-c', wrapped], options);
    return JSON.parse(stdout) as Row[];
  }

  /** Until it has been up for so long that gateways take over from others at once. */
  async whenSteady(): Promise<void> {
    const sql = 'select extract(epoch from clock_timestamp() - pg_postmaster_start_time())::float8 as seconds';
    const [up] = await this.query<{ seconds: number }>(sql);
    await delay(Math.max(0, GRACE_SECONDS + 1 - (up?.seconds ?? 0)) * 1_000);
  }

  /** Ends it at once, and starts it again after `ms`. */
  async away(ms: number): Promise<void> {
    await this.#server.stop();
    await delay(ms);
    await this.#server.start();
  }

  /** Ends it at once with all its connections, as a crash does, and starts it again. */
  restart(): Promise<void> {
    return this.#server.restart();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop();
  }
}
