import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CACHE, type Podman, type PodmanResult } from '../built-image/podman.ts';
import { freePort } from '../container/volume.ts';

const SAMPLES = fileURLToPath(new URL('../../../../../deploy/compose/', import.meta.url));
const COMPOSE_TIMEOUT_MS = 300_000;

/** Settings of podman: networks with names, and limits that a machine allows which has no more of its own. */
export function composeSettings(): Readonly<Record<string, string>> {
  const path = join(CACHE, 'compose.conf');
  writeFileSync(
    path,
    `[network]
network_backend = "netavark"
network_config_dir = "${join(CACHE, 'networks')}"
[containers]
default_ulimits = ["nofile=16384:16384", "nproc=1024:1024"]
`,
  );
  return { CONTAINERS_CONF: path };
}

/** The containers of a sample in `deploy/compose`, on free ports; gone when disposed, with their volumes. */
export class ComposeProject implements AsyncDisposable {
  readonly #podman: Podman;
  readonly #env: Readonly<Record<string, string>>;
  readonly #directory = mkdtempSync(join(tmpdir(), 'hermes-compose-'));
  readonly #ports = new Map<string, number>();
  readonly #name = `hermes${process.pid}`;
  readonly #sample: string;

  private constructor(podman: Podman, sample: string, env: Readonly<Record<string, string>>) {
    this.#podman = podman;
    this.#sample = sample;
    this.#env = env;
  }

  /** @param env the variables that the sample asks for */
  static async up(podman: Podman, sample: string, env: Readonly<Record<string, string>>): Promise<ComposeProject> {
    const project = new ComposeProject(podman, sample, env);
    await project.#prepare();
    try {
      await project.run('up', '-d', '--no-build');
      return project;
    } catch (error) {
      await project[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Base URL of a port of the sample. */
  url(port: number): string {
    return `http://127.0.0.1:${this.#ports.get(String(port))}`;
  }

  /** @throws Error with its output when podman-compose fails. */
  async run(...words: readonly string[]): Promise<void> {
    const program = ['podman-compose', '--podman-path', join(this.#directory, 'podman')];
    const argv = [...program, '-p', this.#name, '-f', join(this.#directory, this.#sample), ...words];
    const { stdout, stderr } = await this.#podman.enter(argv, COMPOSE_TIMEOUT_MS, this.#env);
    // podman-compose 1.0.3 exits with 0 whatever a command came to.
    const failed = /^exit code: [1-9].*$|^Traceback/m.exec(stdout + stderr);
    if (failed) throw new Error(`podman-compose ${words.join(' ')}: ${failed[0]}\n${stdout}${stderr}`);
  }

  exec(service: string, argv: readonly string[], user = 'hermes'): Promise<PodmanResult> {
    return this.#podman.try(['exec', '--user', user, this.#container(service), ...argv]);
  }

  /** As the engine does at its interval. */
  healthcheck(service: string): Promise<PodmanResult> {
    return this.#podman.try(['healthcheck', 'run', this.#container(service)]);
  }

  async exitCode(service: string): Promise<number> {
    return Number(await this.#podman.run(['inspect', '--format', '{{.State.ExitCode}}', this.#container(service)]));
  }

  async logs(service: string): Promise<string> {
    const { stdout, stderr } = await this.#podman.try(['logs', this.#container(service)]);
    return stdout + stderr;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.run('down', '--volumes', '--timeout', '0');
    } finally {
      rmSync(this.#directory, { recursive: true, force: true });
    }
  }

  #container(service: string): string {
    return `${this.#name}_${service}_1`;
  }

  async #prepare(): Promise<void> {
    cpSync(SAMPLES, this.#directory, { recursive: true });
    const path = join(this.#directory, this.#sample);
    let text = readFileSync(path, 'utf8');
    for (const [, port = ''] of text.matchAll(/127\.0\.0\.1:(\d+):/g)) {
      this.#ports.set(port, await freePort());
      text = text.replace(`127.0.0.1:${port}:`, `127.0.0.1:${this.#ports.get(port)}:`);
    }
    writeFileSync(path, text);
    const command = this.#podman.command.map((word) => `'${word}'`).join(' ');
    writeFileSync(join(this.#directory, 'podman'), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  }
}
