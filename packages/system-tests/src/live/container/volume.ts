import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HERMES_UID } from './user.ts';

/** Removes the directory when told to, or when we are gone. Twice, since somebody else who is dying may still write. */
const REMOVER = 'cat >/dev/null; while [ -e "$1" ]; do rm -rf "$1"; sleep 0.1; done';

export interface ProfileOptions {
  /** How long an echo turn takes, in ms. */
  readonly turn?: number;
  /** Seconds a stopping gateway waits for turns in flight. */
  readonly grace?: number;
  /** What the operator wants, or `undefined` if nobody has said. */
  readonly intent?: 'running' | 'stopped';
  /** More lines for config.yaml. */
  readonly config?: string;
}

/** A persistent volume, empty at first; gone when disposed, or when this process is killed. */
export class Volume implements AsyncDisposable {
  readonly path: string;
  readonly #remover: ChildProcess;
  readonly #ports = new Map<string, number>();

  private constructor(path: string) {
    this.path = path;
    this.#remover = spawn('sh', ['-c', REMOVER, 'sh', path], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  }

  static async create(): Promise<Volume> {
    return new Volume(await mkdtemp(join(tmpdir(), 'hermes-volume-')));
  }

  /** The home of a profile, as the machine sees it. */
  home(profile = 'default'): string {
    return profile === 'default' ? this.path : join(this.path, 'profiles', profile);
  }

  /** Makes a profile as its owner would: with a configuration, and a port that is free now. */
  async addProfile(profile = 'default', options: ProfileOptions = {}): Promise<void> {
    const { turn = 0, grace = 5, intent, config = '' } = options;
    const home = this.home(profile);
    await mkdir(home, { recursive: true });
    const port = await freePort();
    this.#ports.set(profile, port);
    const lines = [
      `api_server: { port: ${port} }`,
      `agent: { kind: echo, delay_ms: ${turn} }`,
      `restart_drain_timeout: ${grace}`,
      config,
    ];
    await writeFile(join(home, 'config.yaml'), `${lines.join('\n')}\n`);
    await writeFile(join(home, 'SOUL.md'), `# ${profile}\n`);
    if (intent !== undefined) {
      const desired = { desired_state: intent, updated_at: new Date().toISOString() };
      await writeFile(join(home, 'desired_state.json'), `${JSON.stringify(desired)}\n`);
    }
    await giveToHermes(this.path, join(this.path, 'profiles'), home);
    await giveToHermes(...['config.yaml', 'SOUL.md', 'desired_state.json'].map((name) => join(home, name)));
  }

  /** Base URL of a profile's gateway, wherever it runs. */
  url(profile = 'default'): string {
    const port = this.#ports.get(profile);
    if (port === undefined) throw new Error(`${profile}: expected a profile that was added, found none`);
    return `http://127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const removed = once(this.#remover, 'exit');
    this.#remover.stdin?.end();
    await removed;
  }
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function giveToHermes(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await chown(path, HERMES_UID, HERMES_UID).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}
