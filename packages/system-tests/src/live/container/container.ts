import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StackClient } from '@hermes/local-stack';
import { assembledImage, imageConfiguration } from './image.ts';
import { freePort, type Volume } from './volume.ts';

const PRIVATE_ROOT = fileURLToPath(new URL('private-root.sh', import.meta.url));
const NAMESPACES = ['--pid', '--mount', '--uts', '--ipc'];
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const BOOT_TIMEOUT_MS = 60_000;
const EXEC_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 10;

export interface ContainerOptions {
  readonly volume: Volume;
  readonly name?: string;
  /** Variables beside those of the image, as `docker run -e` sets them. */
  readonly env?: Readonly<Record<string, string>>;
  /** Has a dashboard, on a port that is free now. Default: no. */
  readonly dashboard?: boolean;
  /** A directory whose content is laid over the image, as an image built upon ours would. */
  readonly layer?: string;
  /** Who PID 1 is. Default: root. */
  readonly user?: 'root' | 'hermes';
}

/** How a container ended. */
export interface ContainerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** False if it had to be killed. */
  readonly graceful: boolean;
}

/** What a command in a container did. */
export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The image, booted as a container engine would, without one: namespaces and a root of its own, s6 as PID 1, the volume
 * at /opt/data. Its network is the machine's. It ends with this process, however that ends.
 */
export class Container implements AsyncDisposable {
  readonly name: string;
  readonly volume: Volume;
  readonly #options: ContainerOptions;
  readonly #image: string;
  readonly #dashboardPort: number;
  #process: ChildProcess | undefined;
  #ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }> = Promise.resolve({
    code: null,
    signal: null,
  });
  #pid = 0;
  #logs = '';

  private constructor(options: ContainerOptions, image: string, dashboardPort: number) {
    this.name = options.name ?? 'hermes';
    this.volume = options.volume;
    this.#options = options;
    this.#image = image;
    this.#dashboardPort = dashboardPort;
  }

  /** Boots a new container and waits until its static services are supervised. */
  static async boot(options: ContainerOptions): Promise<Container> {
    const container = await Container.create(options);
    await container.start();
    return container;
  }

  /** A container that is not started yet. */
  static async create(options: ContainerOptions): Promise<Container> {
    return new Container(options, await assembledImage(), await freePort());
  }

  /** PID 1, as the machine numbers it; 0 when the container does not run. */
  get pid(): number {
    return this.#pid;
  }

  get running(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** What it has printed since it was created, over all its boots. */
  get logs(): string {
    return this.#logs;
  }

  /** A file of the container, as the machine reaches it while the container runs. */
  path(inside: string): string {
    return join(`/proc/${this.#pid}/root`, inside);
  }

  /** When PID 1 started, in the unit of /proc/PID/stat: what makes one boot different from the next. */
  startTime(): string {
    const stat = readFileSync(`/proc/${this.#pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  }

  /** Boots, and waits until s6 is PID 1 and supervises the static services. @throws Error with the logs if that fails. */
  async start(): Promise<void> {
    this.launch();
    const deadline = Date.now() + BOOT_TIMEOUT_MS;
    while (!this.#isSupervised()) {
      if (this.running && Date.now() < deadline) await delay(LOOK_EVERY_MS);
      else {
        const why = this.running ? `was not supervised within ${BOOT_TIMEOUT_MS / 1000} s` : 'ended while it booted';
        await this.pullThePlug();
        throw new Error(`${this.name} ${why}:\n${this.#logs}`);
      }
    }
  }

  /** Begins to boot, and waits for nothing. */
  launch(): void {
    if (this.running) throw new Error(`${this.name}: expected a container that is stopped, it runs`);
    const { layer, user = 'root', volume } = this.#options;
    const init = [
      'sh',
      PRIVATE_ROOT,
      this.#image,
      volume.path,
      this.name,
      user,
      imageConfiguration().entrypoint,
      ...(layer === undefined ? [] : [layer]),
    ];
    const unshare = ['unshare', ...NAMESPACES, '--fork', '--kill-child=SIGKILL', '--propagation', 'private', ...init];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...unshare], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.#environment(),
      detached: true,
    });
    this.#process = child;
    this.#pid = 0;
    // When unshare has ended the kernel has ended everything in the container; when its output is closed we have it all.
    this.#ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#logs = (this.#logs + text).slice(-1_000_000);
      });
    }
  }

  /** After {@link launch}: waits until there is a PID 1, or the container has ended. */
  async whenBegun(): Promise<void> {
    await this.#findPid();
  }

  /** As `docker stop`: SIGTERM to PID 1, and SIGKILL after the grace. */
  async stop({ graceMs = 30_000 }: { graceMs?: number } = {}): Promise<ContainerExit> {
    let graceful = true;
    await this.#findPid();
    this.#signal('SIGTERM');
    const timer = setTimeout(() => {
      graceful = false;
      this.#signal('SIGKILL');
    }, graceMs);
    const exit = await this.#ended;
    clearTimeout(timer);
    this.#pid = 0;
    return { ...exit, graceful };
  }

  /** As `docker restart`: the volume stays, /run does not. */
  async restart(options: { graceMs?: number } = {}): Promise<ContainerExit> {
    const exit = await this.stop(options);
    await this.start();
    return exit;
  }

  /** As a power cut: everything is killed at once. */
  async pullThePlug(): Promise<void> {
    await this.#findPid();
    this.#signal('SIGKILL');
    await this.#ended;
    this.#pid = 0;
  }

  /** As `docker exec`: runs a command in the container. It has the container's environment. */
  async exec(argv: readonly string[], { user = 'hermes' }: { user?: 'root' | 'hermes' } = {}): Promise<ExecResult> {
    const enter = ['-t', String(this.#pid), ...NAMESPACES, '--root', '--'];
    const command = user === 'root' ? argv : ['s6-setuidgid', user, ...argv];
    const env = { ...this.#environment(), ...(user === 'root' ? {} : { HOME: '/opt/data' }) };
    return new Promise((resolve, reject) => {
      const options = { env, timeout: EXEC_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
      execFile('nsenter', [...enter, ...command], options, (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
        else reject(error);
      });
    });
  }

  /** Base URL of the dashboard. */
  get dashboardUrl(): string {
    return `http://127.0.0.1:${this.#dashboardPort}`;
  }

  /** What a chatting person and an operator do, over HTTP. */
  async client(profile = 'default'): Promise<StackClient> {
    const token = await readFile(join(this.volume.path, '.dashboard_token'), 'utf8').catch(() => '');
    return new StackClient(this.volume.url(profile), `${this.dashboardUrl}/#token=${token.trim()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) await this.pullThePlug();
  }

  #environment(): Record<string, string> {
    const dashboard = { HERMES_DASHBOARD: '1', HERMES_DASHBOARD_PORT: String(this.#dashboardPort) };
    const { dashboard: wanted = false, env } = this.#options;
    return { PATH, ...imageConfiguration().env, ...(wanted ? dashboard : {}), ...env };
  }

  #isSupervised(): boolean {
    if (this.#lookForPid() === 0) return false;
    try {
      if (readFileSync(`/proc/${this.#pid}/comm`, 'utf8') !== 's6-svscan\n') return false;
      const services = readdirSync(this.path('/run/service')).filter((name) => !name.startsWith('.'));
      return services.every((name) => existsSync(this.path(`/run/service/${name}/supervise/status`)));
    } catch {
      return false;
    }
  }

  async #findPid(): Promise<void> {
    while (this.running && this.#lookForPid() === 0) await delay(LOOK_EVERY_MS);
  }

  #lookForPid(): number {
    const unshare = this.#process?.pid;
    if (this.#pid === 0 && unshare !== undefined && this.running) {
      this.#pid = Number(readChildren(unshare).split(' ')[0] ?? 0);
    }
    return this.#pid;
  }

  #signal(signal: NodeJS.Signals): void {
    if (!this.running || this.#pid === 0) return;
    try {
      process.kill(this.#pid, signal);
    } catch (error) {
      // It has ended by itself, and we have not been told yet.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function readChildren(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  } catch {
    return '';
  }
}
