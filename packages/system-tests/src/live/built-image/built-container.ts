import { setTimeout as delay } from 'node:timers/promises';
import type { Volume } from '../container/volume.ts';
import { IMAGE } from './build.ts';
import { type Podman, type PodmanResult, RUN_FLAGS } from './podman.ts';

let count = 0;

/** A container of the built image; gone when disposed. */
export class BuiltContainer implements AsyncDisposable {
  readonly #podman: Podman;
  readonly #name: string;

  private constructor(podman: Podman, name: string) {
    this.#podman = podman;
    this.#name = name;
  }

  /** @param flags those of `podman run`, beside the volume. */
  static async run(podman: Podman, volume: Volume, flags: readonly string[], image = IMAGE): Promise<BuiltContainer> {
    count += 1;
    const container = new BuiltContainer(podman, `hermes-${process.pid}-${count}`);
    const mount = ['--volume', `${volume.path}:/opt/data`];
    await podman.run(['run', '--detach', '--name', container.#name, ...RUN_FLAGS, ...mount, ...flags, image]);
    return container;
  }

  exec(argv: readonly string[], user = 'hermes'): Promise<PodmanResult> {
    return this.#podman.try(['exec', '--user', user, this.#name, ...argv]);
  }

  /** Waits until the command succeeds. @throws Error with the logs when it does not within a minute and a half. */
  async until(argv: readonly string[], user?: string): Promise<PodmanResult> {
    const deadline = Date.now() + 90_000;
    for (;;) {
      const result = await this.exec(argv, user);
      if (result.code === 0) return result;
      if (Date.now() > deadline)
        throw new Error(`${argv.join(' ')}: ${result.stdout}${result.stderr}\n${await this.logs()}`);
      await delay(100);
    }
  }

  async logs(): Promise<string> {
    const { stdout, stderr } = await this.#podman.try(['logs', this.#name]);
    return stdout + stderr;
  }

  /** SIGTERM, and SIGKILL after so many seconds. @returns the exit code. */
  async stop(seconds: number): Promise<number> {
    await this.#podman.run(['stop', '--time', String(seconds), this.#name], (seconds + 60) * 1_000);
    return Number(await this.#podman.run(['inspect', '--format', '{{.State.ExitCode}}', this.#name]));
  }

  async start(): Promise<void> {
    await this.#podman.run(['start', this.#name]);
  }

  /** As the engine does at its interval. */
  healthcheck(): Promise<PodmanResult> {
    return this.#podman.try(['healthcheck', 'run', this.#name]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#podman.try(['rm', '--force', '--time', '0', this.#name]);
  }
}
