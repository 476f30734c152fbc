import { type ChildProcess, type StdioPipe, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type GatewayStateView, readGatewayState } from '@hermes/drain-contract';
import { BARE_ENVIRONMENT } from '@hermes/test-kit';
import { onTestFinished } from 'vitest';

export const BIN = fileURLToPath(new URL('../../bin/hermes-gateway.js', import.meta.url));

const READY_BOUND_MS = 120_000;

export interface StartOptions {
  readonly home: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that runs the gateway, whose command line is put behind it. */
  readonly wrapper?: readonly string[];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A gateway of the built program in a process of its own, which does not outlive the test that started it. */
export class GatewayProcess {
  readonly home: string;
  readonly #child: ChildProcess;
  readonly #out: Readable;
  readonly #err: Readable;
  /** Resolves when it has ended and everything it said has been read. */
  readonly exited: Promise<Exit>;
  #stdout = '';
  #stderr = '';
  #notified = '';
  readonly #announced = Promise.withResolvers<void>();

  constructor(options: StartOptions) {
    this.home = options.home;
    const pipe: StdioPipe = 'pipe';
    const [command = '', ...args] = [...(options.wrapper ?? []), process.execPath, BIN, ...(options.args ?? ['run'])];
    // The environment of the test run must not affect the tests.
    const environment = {
      ...BARE_ENVIRONMENT,
      HERMES_HOME: options.home,
      API_SERVER_PORT: '0',
      HERMES_NOTIFY_FD: '3',
    };
    const child = spawn(command, args, {
      env: { ...environment, ...options.environment },
      stdio: ['ignore', pipe, pipe, pipe],
    });
    if (!child.stdout || !child.stderr) throw new Error(`${command} has no pipes to read from`);
    [this.#child, this.#out, this.#err] = [child, child.stdout, child.stderr];
    this.#out.on('data', (data) => {
      this.#stdout += String(data);
    });
    this.#err.on('data', (data) => {
      this.#stderr += String(data);
    });
    this.#child.stdio[3]?.on('data', (data) => {
      this.#notified += String(data);
      this.#announced.resolve();
    });
    this.exited = this.#untilExit();
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.exited;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it has printed on stdout so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** What it has logged so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** What it has written on the descriptor of `HERMES_NOTIFY_FD` so far. */
  get notified(): string {
    return this.#notified;
  }

  /** Base URL of its API, from its ready line. */
  get url(): string {
    return /^gateway: (\S+)/.exec(this.#stdout)?.[1] ?? '';
  }

  get state(): GatewayStateView | undefined {
    return readGatewayState({ home: this.home });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  post(body: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Resolves when it has said that it is ready. @throws Error with its last words if it ends before. */
  async ready(): Promise<this> {
    const late = delay(READY_BOUND_MS, undefined, { ref: false });
    await Promise.race([this.#announced.promise, this.exited, late]);
    // Two pipes: what was written to the one before may be read from it after.
    while (this.#notified === '\n' && this.url === '') await once(this.#out, 'data');
    if (this.#notified === '\n') return this;
    this.#child.kill('SIGKILL');
    throw new Error(`the gateway is not ready: ${JSON.stringify(await this.exited)}`);
  }

  /** Closes the readers of its stdout and stderr. */
  stopReading(): void {
    this.#out.destroy();
    this.#err.destroy();
  }

  async #untilExit(): Promise<Exit> {
    const [code, signal] = await once(this.#child, 'close');
    return { code, signal, stdout: this.#stdout, stderr: this.#stderr };
  }
}

/** A gateway that is ready. */
export function startGateway(options: StartOptions): Promise<GatewayProcess> {
  return new GatewayProcess(options).ready();
}

/** How a gateway ended that cannot start, or a command. */
export function failedStart(options: StartOptions): Promise<Exit> {
  return new GatewayProcess(options).exited;
}

/** The sentences in a log, a JSON object a line. */
export function logged(stderr: string): string[] {
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => String((JSON.parse(line) as { msg: string }).msg));
}
