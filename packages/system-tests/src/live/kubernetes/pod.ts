import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { withTimeout } from '@hermes/service-kit';
import { expect } from 'vitest';
import { Container } from '../container/container.ts';
import { imageConfiguration } from '../container/image.ts';
import { layer } from '../container/layer.ts';
import { HERMES_UID } from '../container/user.ts';
import { Volume } from '../container/volume.ts';
import type { ContainerSpec, PodSpec, Probe } from './manifest.ts';

const NAMESPACES = ['--pid', '--mount', '--uts', '--ipc', '--root'];
const UNPRIVILEGED = `--reuid ${HERMES_UID} --regid ${HERMES_UID} --groups ${HERMES_UID} --no-new-privs --inh-caps=-all --bounding-set=-all`;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The pause container, which reaps; before it, what the kubelet mounts: secrets, an emptyDir, a read-only root. */
const PAUSE = `#!/bin/sh
chown -R 0:${HERMES_UID} /run/secrets/hermes && chmod 440 /run/secrets/hermes/*
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -o remount,bind,ro /
touch /run/pod-is-up
trap 'exit 0' TERM
while :; do sleep 3600 & wait $!; done
`;

export interface PodOptions {
  readonly name: string;
  /** Stands in for an address of its own: the network is the machine's. */
  readonly address: string;
  readonly spec: PodSpec;
  readonly config: string;
  /** The files of the Secret. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** How a pod ended. */
export interface PodEnd {
  /** Exit status of the hook; `undefined` if it was left out. */
  readonly hook: number | undefined;
  /** How the gateway ended: killed, when the grace period was over. */
  readonly signal: NodeJS.Signals | null;
}

/** A process in a pod. */
interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
}

/**
 * A pod as the kubelet runs it, from its manifest: containers with the image's files, the commands, the variables, the probes
 * and the hook of the manifest, as its user, without capabilities, on a read-only root. All of it is in namespaces that end
 * with this process.
 */
export class Pod implements AsyncDisposable {
  readonly name: string;
  readonly address: string;
  readonly #options: PodOptions;
  readonly #volume: Volume;
  #sandbox: Container | undefined;
  #gateway: Running | undefined;
  #dashboard: Running | undefined;
  #log = '';

  private constructor(options: PodOptions, volume: Volume) {
    this.name = options.name;
    this.address = options.address;
    this.#options = options;
    this.#volume = volume;
  }

  /** With a new volume, which belongs to root and the group of `fsGroup`. */
  static async create(options: PodOptions): Promise<Pod> {
    const volume = await Volume.create();
    await writeFile(`${volume.path}/config.yaml`, options.config);
    await chown(volume.path, 0, HERMES_UID);
    await chmod(volume.path, 0o2775);
    return new Pod(options, volume);
  }

  get log(): string {
    return this.#log;
  }

  /** Starts the sandbox, the sidecar and then the gateway, each once the one before has passed its startup probe; until Ready. */
  async start(): Promise<void> {
    const { spec, secrets, name } = this.#options;
    const files = Object.entries(secrets).map(([key, value]) => [`/run/secrets/hermes/${key}`, value]);
    const root = layer({ '/usr/lib/hermes/init': PAUSE, ...Object.fromEntries(files) });
    const sandbox = await Container.create({ volume: this.#volume, name, layer: root });
    this.#sandbox = sandbox;
    sandbox.launch();
    await sandbox.whenBegun();
    await expect.poll(() => existsSync(sandbox.path('/run/pod-is-up')), { message: 'the sandbox' }).toBe(true);
    const [dashboard] = spec.initContainers;
    const [gateway] = spec.containers;
    this.#dashboard = this.#run(dashboard, dashboard.command);
    await this.#passes(this.#dashboard, dashboard, dashboard.startupProbe);
    this.#gateway = this.#run(gateway, gateway.command);
    await this.#passes(this.#gateway, gateway, gateway.startupProbe);
    await this.#passes(this.#gateway, gateway, { ...gateway.readinessProbe, failureThreshold: 60 });
  }

  /** As the kubelet ends a pod: the hook, SIGTERM, and SIGKILL when the grace period is over. @param hook its command. */
  async stop(hook: readonly string[] | undefined): Promise<PodEnd> {
    const [gateway] = this.#options.spec.containers;
    const since = performance.now();
    const left = () =>
      Math.max(0, this.#options.spec.terminationGracePeriodSeconds * 1_000 - (performance.now() - since));
    const ran = hook && this.#run(gateway, hook);
    const code =
      ran &&
      (await withTimeout(
        ran.ended.then(([status]) => status ?? -1),
        left(),
        () => -1,
      ));
    signal(this.#gateway, 'SIGTERM');
    const killed = setTimeout(() => signal(this.#gateway, 'SIGKILL'), left());
    const [, how = null] = (await this.#gateway?.ended) ?? [];
    clearTimeout(killed);
    signal(this.#dashboard, 'SIGTERM');
    await this.#dashboard?.ended;
    await this.#sandbox?.pullThePlug();
    return { hook: code, signal: how };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sandbox?.[Symbol.asyncDispose]();
    await this.#volume[Symbol.asyncDispose]();
  }

  #run(spec: ContainerSpec, command: readonly string[]): Running {
    const enter = ['-t', String(this.#sandbox?.pid), ...NAMESPACES, '--', 'setpriv', ...UNPRIVILEGED.split(' ')];
    const child = spawn('nsenter', [...enter, ...command], {
      env: { PATH, HOME: '/opt/data', ...imageConfiguration().env, ...this.#environment(spec) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log = (this.#log + text).slice(-200_000);
      });
    const ended = once(child, 'close').then(([code, by]) => [code, by] as const);
    return { child, ended };
  }

  /** That of the manifest; only addresses differ. */
  #environment({ env }: ContainerSpec): Record<string, string> {
    const { address } = this;
    const [dashboard] = this.#options.spec.initContainers;
    const given = env.map(({ name, value }) => [name, value === '0.0.0.0' ? address : value]);
    return { ...Object.fromEntries(given), DRAINCTL_URL: `http://${address}:${dashboard.ports[0]?.containerPort}` };
  }

  /** @throws Error with the log when it does not pass within its threshold. */
  async #passes(
    running: Running,
    { name, ports }: ContainerSpec,
    { httpGet, periodSeconds, failureThreshold, timeoutSeconds = 1 }: Probe,
  ) {
    const url = `http://${this.address}:${ports[0]?.containerPort}${httpGet.path}`;
    for (let tries = 0; tries < failureThreshold; tries += 1) {
      const probe = fetch(url, {
        signal: AbortSignal.timeout(timeoutSeconds * 1_000),
        headers: { connection: 'close' },
      });
      if (await probe.then(({ ok }) => ok).catch(() => false)) return;
      await delay(periodSeconds * 1_000);
      if (running.child.exitCode !== null) break;
    }
    throw new Error(`${this.name}: ${name} did not pass ${httpGet.path}:\n${this.#log}`);
  }
}

/** To the process itself: nsenter waits for it outside of the pod. */
function signal(running: Running | undefined, name: NodeJS.Signals): void {
  const nsenter = running?.child.pid;
  if (nsenter === undefined || running?.child.exitCode !== null) return;
  const [pid] = readFileSync(`/proc/${nsenter}/task/${nsenter}/children`, 'utf8').split(' ');
  if (pid) process.kill(Number(pid), name);
}
