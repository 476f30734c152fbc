import { type ChildProcess, execFile, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SERVER = fileURLToPath(new URL('./registry-server.ts', import.meta.url));
const START_MS = 90_000;
const ANSWER_MS = 30_000;
const STOP_MS = 10_000;
const PUBLISH_MS = 600_000;

export interface RegistryOptions {
  /**
   * Whether packages of others come from the registry that npm is configured for on this machine, as an installation of
   * ours needs them. Else the registry has only what is published to it, and refuses all else.
   */
  readonly upstream?: boolean;
  /** Whether `@hermes/*` can only be read with the token. Default: everyone can read it. */
  readonly isPrivate?: boolean;
}

/** A package registry of its own on loopback, with a user who may publish `@hermes/*`. Nothing is sent upstream. */
export class Registry implements AsyncDisposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'hermes-registry-'));
  #server: ChildProcess | undefined;
  #said = '';
  /** Ends with a slash, as npm writes it. */
  url = '';
  /** Of the user who may publish. */
  token = '';

  private constructor() {}

  /** @throws {Error} it does not start, or `upstream` is wanted and cannot be reached. */
  static async start({ upstream = false, isPrivate = false }: RegistryOptions = {}): Promise<Registry> {
    const registry = new Registry();
    try {
      const source = upstream ? await upstreamUrl() : undefined;
      await registry.#listen(configuration(registry.#directory, source, isPrivate));
      registry.token = await registry.#addUser();
      if (source !== undefined) await registry.#expectUpstream(source);
      return registry;
    } catch (error) {
      await registry[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Writes an .npmrc with which npm and pnpm take `@hermes/*` from here, and may publish it here.
   * @returns its path, for `npm_config_userconfig`
   */
  npmrc(directory: string, { scope = true, all = false }: { scope?: boolean; all?: boolean } = {}): string {
    const path = join(directory, '.npmrc');
    const lines = [
      ...(scope ? [`@hermes:registry=${this.url}`] : []),
      ...(all ? [`registry=${this.url}`] : []),
      `${this.url.replace('http:', '')}:_authToken=${this.token}`,
    ];
    writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
    return path;
  }

  /**
   * Publishes a tarball here: both settings of npm that name a registry are given.
   * @param proxy for everything that does not go to loopback. Default: nobody listens there
   */
  async publish(tarball: string, proxy = 'http://127.0.0.1:9/'): Promise<void> {
    const registries = ['--registry', this.url, `--@hermes:registry=${this.url}`];
    await promisify(execFile)('npm', ['publish', tarball, ...registries], {
      cwd: this.#directory,
      timeout: PUBLISH_MS,
      env: {
        ...process.env,
        npm_config_userconfig: this.npmrc(this.#directory),
        https_proxy: proxy,
        http_proxy: proxy,
        no_proxy: '127.0.0.1',
      },
    });
  }

  /** What it has of a package: its packument, or undefined. */
  async packument(name: string): Promise<Packument | undefined> {
    const response = await this.#fetch(name.replace('/', '%2f'));
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${this.url} answers ${response.status} for ${name}: ${await response.text()}`);
    return (await response.json()) as Packument;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    if (server?.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.kill();
      const isOver = await Promise.race([ended, delay(STOP_MS, undefined, { ref: false })]);
      if (isOver === undefined) server.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #listen(settings: object): Promise<void> {
    const server = fork(SERVER, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    this.#server = server;
    for (const output of [server.stdout, server.stderr]) {
      output?.setEncoding('utf8').on('data', (words: string) => {
        this.#said = `${this.#said}${words}`.slice(-10_000);
      });
    }
    server.send(settings);
    const ended = once(server, 'exit').then(() => undefined);
    const started = once(server, 'message', { signal: AbortSignal.timeout(START_MS) });
    const [message] = (await Promise.race([started, ended])) ?? [];
    if (message === undefined) throw new Error(`the registry did not start:\n${this.#said}`);
    this.url = `http://127.0.0.1:${message.port}/`;
  }

  async #addUser(): Promise<string> {
    const user = { name: 'release-test', password: randomUUID() };
    const response = await this.#fetch(`-/user/org.couchdb.user:${user.name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(user),
    });
    const { token } = (await response.json()) as { token?: string };
    if (token === undefined) throw new Error(`the registry makes no user (${response.status}):\n${this.#said}`);
    return token;
  }

  async #expectUpstream(source: string): Promise<void> {
    const response = await this.#fetch('zod');
    if (response.ok) return;
    throw new Error(
      `expected packages of others from ${source} (npm config get registry), found ${response.status} for zod: ` +
        `${(await response.text()).slice(0, 500)}. Check with: npm ping. Without a network, this cannot be tested.`,
    );
  }

  #fetch(path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    const headers = { ...init.headers, ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }) };
    return fetch(`${this.url}${path}`, { ...init, headers, signal: AbortSignal.timeout(ANSWER_MS) });
  }
}

/** The part of a packument that tests look at. */
export interface Packument {
  readonly 'dist-tags': Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, { readonly dist: { readonly integrity: string } }>>;
}

function configuration(directory: string, upstream: string | undefined, isPrivate: boolean): object {
  const everyone = { access: '$all' };
  const others = { '@*/*': { ...everyone, proxy: 'upstream' }, '**': { ...everyone, proxy: 'upstream' } };
  return {
    configPath: join(directory, 'config.yaml'),
    storage: join(directory, 'storage'),
    auth: { htpasswd: { file: join(directory, 'htpasswd') } },
    uplinks: upstream === undefined ? {} : { upstream: { url: upstream, timeout: '30s', max_fails: 5 } },
    packages: {
      '@hermes/*': {
        access: isPrivate ? '$authenticated' : '$all',
        publish: '$authenticated',
        unpublish: '$authenticated',
      },
      ...(upstream === undefined ? {} : others),
    },
    web: { enable: false },
    middlewares: {},
    max_body_size: '100mb',
    log: { type: 'stdout', format: 'json', level: 'warn' },
  };
}

async function upstreamUrl(): Promise<string> {
  const options = { timeout: ANSWER_MS, cwd: tmpdir() };
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry'], options);
  return stdout.trim();
}
