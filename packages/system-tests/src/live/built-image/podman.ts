import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Outside the checkout, so that the next run finds the base images and the layers. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hermes-drain');

/**
 * Holds the namespace until its input ends, then removes every container. Podman cannot work with a hierarchy of both
 * versions of cgroups; the machine's own mounts stay as they are.
 */
const HOLD = `
  umount /sys/fs/cgroup/unified 2>/dev/null
  echo ready
  cat >/dev/null
  "$@" rm --all --force --time 0 --volumes >/dev/null`;

/** Part of the storage, which refuses another one; lost when the machine restarts. */
const RUNROOT = '/run/hermes-drain-podman';

/** The limits of a machine without more of its own are refused otherwise. */
export const RUN_FLAGS = ['--network', 'host', '--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'] as const;

/** What podman did. */
export interface PodmanResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Podman with a storage of its own, in a mount namespace that all its commands share: a container's root is mounted there.
 * One process at a time has it. Namespace and containers end with this process, however that ends.
 */
export class Podman implements AsyncDisposable {
  readonly #holder: ChildProcess;
  readonly #env: NodeJS.ProcessEnv;
  /** What each call begins with: the program, and where its storage is. */
  readonly command: readonly string[];

  private constructor(holder: ChildProcess, command: readonly string[], env: NodeJS.ProcessEnv) {
    this.#holder = holder;
    this.#env = env;
    this.command = command;
  }

  /** @param settings variables of podman, such as CONTAINERS_CONF */
  static async open(settings: Readonly<Record<string, string>> = {}): Promise<Podman> {
    mkdirSync(CACHE, { recursive: true });
    const storage = ['--runroot', RUNROOT, '--root', join(CACHE, 'podman')];
    const command = [
      'podman',
      ...storage,
      '--cgroup-manager',
      'cgroupfs',
      '--events-backend',
      'none',
      '--log-level',
      'fatal',
    ];
    const alone = ['--no-fork', '--timeout', '1800', join(CACHE, 'lock')];
    const namespace = ['unshare', '-m', '--propagation', 'private', 'sh', '-c', HOLD, 'sh', ...command];
    const env = { ...process.env, ...settings };
    const holder = spawn('flock', [...alone, ...namespace], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    const ready = once(holder.stdout, 'data');
    const ended = once(holder, 'exit').then(() => {
      throw new Error(`${CACHE}/lock: expected to be alone within half an hour; another run of this test has it`);
    });
    await Promise.race([ready, ended]);
    ended.catch(() => undefined);
    return new Podman(holder, command, env);
  }

  /** @throws Error with what podman said when it fails. */
  async run(args: readonly string[], timeoutMs = 120_000): Promise<string> {
    const { code, stdout, stderr } = await this.try(args, timeoutMs);
    if (code !== 0)
      throw new Error(`podman ${args.slice(0, 2).join(' ')} ended with ${code}:\n${stderr.slice(-4_000)}`);
    return stdout.trim();
  }

  try(args: readonly string[], timeoutMs = 120_000): Promise<PodmanResult> {
    return this.enter([...this.command, ...args], timeoutMs);
  }

  /** Runs a program where podman's mounts are, such as one that calls podman. */
  enter(argv: readonly string[], timeoutMs = 120_000, env: NodeJS.ProcessEnv = {}): Promise<PodmanResult> {
    const words = ['-t', String(this.#holder.pid), '-m', ...argv];
    const options = { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, env: { ...this.#env, ...env } };
    return new Promise((resolve, reject) => {
      execFile('nsenter', words, options, (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
        else reject(new Error(`${argv.join(' ')} did not end within ${timeoutMs} ms:\n${stderr.slice(-4_000)}`));
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#holder, 'exit');
    this.#holder.stdin?.end();
    await ended;
  }
}
