import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PostgresCluster } from '@hermes/test-kit/postgres';

const run = promisify(execFile);
const BOUND_MS = 120_000;

/** A private PostgreSQL that can be restarted, with the settings of a real one. */
export class Database implements AsyncDisposable {
  readonly #cluster: PostgresCluster;

  private constructor(cluster: PostgresCluster) {
    this.#cluster = cluster;
  }

  static async start(): Promise<Database> {
    return new Database(await PostgresCluster.create(['fsync=on', 'full_page_writes=on', 'autovacuum=on']));
  }

  get url(): string {
    return this.#cluster.url;
  }

  /** The rows of a query, read by psql: independent of what is tested. */
  async query<Row>(sql: string): Promise<Row[]> {
    const wrapped = `select coalesce(json_agg(row_to_json(t)), '[]') from (${sql}) t`;
    const options = { encoding: 'utf8', maxBuffer: 2 ** 28, timeout: BOUND_MS } as const;
    const { stdout } = await run('psql', ['-XAtq', '-d', this.url, '-c', wrapped], options);
    return JSON.parse(stdout) as Row[];
  }

  /** Ends it at once with all its connections, as a crash does, and starts it again. */
  async restart(): Promise<void> {
    await this.#cluster.stop();
    await this.#cluster.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cluster[Symbol.asyncDispose]();
  }
}
