import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SlotStatus } from '@hermes/s6-reconciler';
import { BARE_ENVIRONMENT, memoryDirectory } from '@hermes/test-kit';
import { killAllIn, processesIn } from './processes.ts';
import { type Finished, finish } from './run.ts';

/** The unprivileged user; needs no entry in /etc/passwd. */
export const HERMES = { uid: 10000, gid: 10000 };

const HERMES_S6 = fileURLToPath(new URL('../../../node_modules/.bin/hermes-s6', import.meta.url));
const STAND_IN = fileURLToPath(new URL('stand-in.sh', import.meta.url));
const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 30_000;

export interface TreeOptions {
  /** Whose supervision tree it is. */
  readonly tree?: 'user' | 'root';
  /** The gateway's program; a stand-in that does what the profile's file `behave` says, unless told otherwise. */
  readonly command?: string;
  /** What s6-svscan's -c says. */
  readonly maxServices?: number;
}

/** A home of the unprivileged user and a scan directory, with a real s6-svscan to watch it. */
export class Tree implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'hermes-s6-'));
  readonly home = join(this.directory, 'home');
  readonly #memory = mkdtempSync(join(memoryDirectory(), 'hermes-s6-'));
  readonly scandir = join(this.#memory, 'scan');
  readonly #directories = [this.directory, this.#memory];
  readonly #options: TreeOptions;
  #svscan: ChildProcess | undefined;

  constructor(options: TreeOptions = {}) {
    this.#options = options;
    for (const directory of this.#directories) chmodSync(directory, 0o755);
    for (const directory of [this.home, this.scandir]) mkdirSync(directory, { mode: 0o755 });
    this.give(this.home);
    if (options.tree !== 'root') this.give(this.scandir);
  }

  /** Makes a profile; `files` are put into its home. */
  addProfile(name: string, files: Readonly<Record<string, string>> = {}): string {
    const home = this.profileHome(name);
    mkdirSync(home, { recursive: true });
    if (name !== 'default') this.give(join(this.home, 'profiles'));
    this.give(home);
    for (const [file, text] of Object.entries({ 'SOUL.md': '', ...files })) {
      writeFileSync(join(home, file), text);
      this.give(join(home, file));
    }
    return home;
  }

  profileHome(name: string): string {
    return name === 'default' ? this.home : join(this.home, 'profiles', name);
  }

  /** Path of a profile's slot, or of something in it. */
  slot(profile: string, ...path: string[]): string {
    return join(this.scandir, `gateway-${profile}`, ...path);
  }

  /** Starts s6-svscan, and waits until it watches. */
  async start(): Promise<void> {
    const { maxServices, tree } = this.#options;
    const limit = maxServices === undefined ? [] : ['-c', String(maxServices)];
    const child = spawn('s6-svscan', ['-d', '3', '-t', '0', ...limit, this.scandir], {
      cwd: '/',
      // With our own programs on it, as in an image.
      env: { ...BARE_ENVIRONMENT, PATH: `${dirname(HERMES_S6)}:${process.env.PATH}` },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      ...(tree === 'root' ? {} : HERMES),
    });
    this.#svscan = child;
    const ready = child.stdio[3];
    if (!ready) throw new Error('s6-svscan has no pipe to tell that it is ready');
    await once(ready, 'data', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
  }

  /** Brings everything down as the end of a container does, and waits for it. */
  async stop(): Promise<void> {
    const child = this.#svscan;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
    child.kill('SIGTERM');
    await exited;
  }

  /** Loses the scan directory, as a tmpfs is lost. */
  wipe(): void {
    rmSync(this.scandir, { recursive: true });
    mkdirSync(this.scandir, { mode: 0o755 });
    if (this.#options.tree !== 'root') this.give(this.scandir);
  }

  /** Runs `hermes-s6`, as the owner of the tree unless told otherwise. */
  hermesS6(args: readonly string[], options: { readonly as?: 'root' | 'hermes' } = {}): Promise<Finished> {
    return finish(this.spawnHermesS6(args, options));
  }

  spawnHermesS6(args: readonly string[], { as }: { readonly as?: 'root' | 'hermes' } = {}): ChildProcess {
    const identity = (as ?? (this.#options.tree === 'root' ? 'root' : 'hermes')) === 'root' ? {} : HERMES;
    return spawn(HERMES_S6, [...args], {
      cwd: '/',
      env: {
        ...BARE_ENVIRONMENT,
        HERMES_HOME: this.home,
        HERMES_USER: `${HERMES.uid}:${HERMES.gid}`,
        S6_PROFILE_GATEWAY_SCANDIR: this.scandir,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...identity,
    });
  }

  /** As {@link hermesS6}, with the gateway's program. @throws Error when it fails. */
  async does(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.hermesS6([...args, '--command', this.#options.command ?? STAND_IN]);
    if (code !== 0) throw new Error(`hermes-s6 ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  async status(profile: string): Promise<SlotStatus> {
    return JSON.parse(await this.does('status', profile, '--json')) as SlotStatus;
  }

  async list(): Promise<ReadonlyMap<string, SlotStatus>> {
    const { slots } = JSON.parse(await this.does('list', '--json')) as { slots: SlotStatus[] };
    return new Map(slots.map((slot) => [slot.profile, slot]));
  }

  /** Runs one of s6's tools, or any other command. */
  tool(command: string, args: readonly string[], as: 'root' | 'hermes' = 'hermes'): Promise<Finished> {
    return finish(
      spawn(command, [...args], { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...(as === 'root' ? {} : HERMES) }),
    );
  }

  /** Gives something to the unprivileged user. */
  give(path: string): void {
    chownSync(path, HERMES.uid, HERMES.gid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.stop().catch(() => undefined);
      await killAllIn(this.#directories);
    } finally {
      for (const directory of this.#directories) rmSync(directory, { recursive: true, force: true });
    }
  }

  /** Process ids of everything that works in this tree: supervisors, gateways, loggers. */
  get processes(): number[] {
    return processesIn(this.#directories);
  }
}
