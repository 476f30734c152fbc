import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ExecResult } from '../container/container.ts';
import { debianWithSystemd } from './rootfs.ts';

const CHECKOUT = fileURLToPath(new URL('../../../../../', import.meta.url));
const ROOT = '/mnt';
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const BOOT_TIMEOUT_MS = 120_000;
const EXEC_TIMEOUT_MS = 150_000;

/** Our programs, as `npm install -g` has them. */
const PROGRAMS = {
  'hermes-gateway': 'apps/gateway',
  'hermes-dashboard': 'apps/dashboard',
  drainctl: 'packages/drainctl',
} as const;

/** Holds the file system of the machine in memory, until its input ends. */
const HOLD = `
  mount -t tmpfs -o size=1g,mode=755 tmpfs ${ROOT} && tar -xf "$1" -C ${ROOT} && mkdir -p ${ROOT}/opt/hermes && shift &&
  for name; do ln -s "/opt/hermes/$name/bin/$name.js" "${ROOT}/usr/local/bin/$name" || exit; done &&
  touch ${ROOT}/usr/local/bin/node && echo ready && cat >/dev/null`;

/**
 * A machine with systemd as PID 1, which can be switched off and on: systemd-nspawn, with a network of its own. Its disk
 * is memory. It ends with this process, however that ends.
 */
export class NspawnMachine implements AsyncDisposable {
  readonly #holder: ChildProcess;
  #nspawn: ChildProcess | undefined;
  #console = '';
  #pid = 0;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** A machine with our programs, switched off. */
  static async create(): Promise<NspawnMachine> {
    const archive = await debianWithSystemd();
    const hold = ['-m', '--propagation', 'private', 'sh', '-c', HOLD, 'sh', archive, ...Object.keys(PROGRAMS)];
    const holder = spawn('unshare', hold, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    const ended = once(holder, 'exit').then(([code]) => {
      throw new Error(`the file system of the machine could not be made: ${code}`);
    });
    await Promise.race([once(holder.stdout, 'data'), ended]);
    ended.catch(() => undefined);
    return new NspawnMachine(holder);
  }

  /** Switches it on, and waits until the boot is over. @throws Error with its console when it does not boot. */
  async boot(): Promise<void> {
    const binds = Object.entries(PROGRAMS).map(([name, path]) => `--bind-ro=${CHECKOUT}${path}:/opt/hermes/${name}`);
    const node = `--bind-ro=${realpathSync(process.execPath)}:/usr/local/bin/node`;
    const flags = ['--quiet', '--boot', '--register=no', '--keep-unit', '--private-network', '--console=read-only'];
    const nspawn = ['systemd-nspawn', ...flags, `--directory=${ROOT}`, ...binds, node];
    const enter = ['nsenter', '-t', String(this.#holder.pid), '-m', ...nspawn];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...enter], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#nspawn = child;
    this.#console = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#console = (this.#console + text).slice(-100_000);
      });
    }
    const deadline = performance.now() + BOOT_TIMEOUT_MS;
    while (!(await this.#isUp())) {
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline)
        throw new Error(`the machine did not boot:\n${this.#console}`);
      await delay(50);
    }
  }

  /** Switches it off in an orderly way. */
  async powerOff(): Promise<void> {
    const off = this.#off();
    await this.exec(['systemctl', 'poweroff', '--no-block']);
    await off;
  }

  /** Switches it off at once. */
  async cutPower(): Promise<void> {
    if (this.#pid === 0) return;
    const off = this.#off();
    process.kill(this.#pid, 'SIGKILL');
    await off;
  }

  /** Runs a command in the machine. @param user its name, or root by default */
  exec(argv: readonly string[], { user, env = {} }: ExecOptions = {}): Promise<ExecResult> {
    const enter = ['-t', String(this.#pid), '-m', '-u', '-i', '-n', '-p', '--root', '--'];
    const become = user === undefined ? [] : ['setpriv', '--reuid', user, '--regid', user, '--init-groups', '--'];
    const variables = Object.entries({ PATH, ...env }).map(([name, value]) => `${name}=${value}`);
    const words = [...enter, 'env', '-i', '-C', '/', ...variables, ...become, ...argv];
    return new Promise((resolve, reject) => {
      const options = { timeout: EXEC_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
      execFile('nsenter', words, options, (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
        else reject(new Error(`${argv.join(' ')} did not end in time: ${stdout}${stderr}`));
      });
    });
  }

  /** As {@link exec}. @returns what it printed. @throws Error when it fails. */
  async run(argv: readonly string[], options?: ExecOptions): Promise<string> {
    const { code, stdout, stderr } = await this.exec(argv, options);
    if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    return stdout;
  }

  /** A shell command of root. */
  shell(command: string): Promise<string> {
    return this.run(['sh', '-ec', command]);
  }

  /** Properties of a unit. */
  async show(unit: string, ...properties: string[]): Promise<Record<string, string>> {
    const text = await this.run(['systemctl', 'show', `--property=${properties.join(',')}`, unit]);
    return Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cutPower();
    const ended = once(this.#holder, 'exit');
    this.#holder.stdin?.end();
    await ended;
  }

  async #isUp(): Promise<boolean> {
    this.#pid = this.#findInit();
    if (this.#pid === 0) return false;
    const { stdout } = await this.exec(['systemctl', 'is-system-running']).catch(() => ({ stdout: '' }));
    return /^(running|degraded)/.test(stdout);
  }

  /** The first child of nspawn: setpriv and nsenter have become it. */
  #findInit(): number {
    const pid = this.#nspawn?.pid;
    try {
      return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0] || 0);
    } catch {
      return 0;
    }
  }

  async #off(): Promise<void> {
    const nspawn = this.#nspawn;
    if (nspawn !== undefined && nspawn.exitCode === null && nspawn.signalCode === null)
      await once(nspawn, 'close', { signal: AbortSignal.timeout(EXEC_TIMEOUT_MS) });
    this.#nspawn = undefined;
    this.#pid = 0;
  }
}

interface ExecOptions {
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
}
