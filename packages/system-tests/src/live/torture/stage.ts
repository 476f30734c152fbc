import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARD_SCRIPT, GATEWAY_SCRIPT } from '@hermes/local-stack';
import { Dashboards } from './dashboards.ts';
import { DESCRIPTOR_LIMIT } from './faults/descriptors.ts';
import type { World } from './faults/fault.ts';
import { freePort } from './free-port.ts';
import type { RoundOptions } from './history.ts';
import { LogReader } from './log-reader.ts';
import { MovableClock } from './movable-clock.ts';
import { Observer } from './observer.ts';
import { Recorder } from './recorder.ts';
import { Supervised } from './supervised.ts';
import { RoundDirectory } from './volume.ts';

/** Seconds that a stop waits for turns in flight: shorter than some turns are. */
const GRACE_SECONDS = 2;

/** A stop may take what the gateway says (`stop_timeout` in its state), and what a busy machine adds to it. */
const STOP_BOUND_MS = 25_000 + 15_000;

const KILL_MS = 10_000;

/** A gateway and a dashboard under supervision, agents that are observed, and everything that faults need. */
export class Stage implements AsyncDisposable {
  readonly directory = new RoundDirectory();
  readonly observer: Observer;
  readonly recorder = new Recorder();
  readonly world: World;
  readonly #logReader: LogReader;

  private constructor(
    options: RoundOptions,
    ports: { gateway: number; first: number; second: number },
    storm: AbortSignal,
  ) {
    const { path, home, volume } = this.directory;
    this.observer = new Observer(join(path, 'observations'));
    this.#logReader = new LogReader(path);
    writeFileSync(join(home, 'config.yaml'), configFor(options, this.observer.command));
    const movable = options.movableClock ? new MovableClock(path) : undefined;
    const secret = randomBytes(48).toString('base64url');
    const env = {
      HERMES_HOME: home,
      HERMES_DASHBOARD_DRAIN_SECRET: secret,
      API_SERVER_PORT: String(ports.gateway),
      ...FOREIGN_ENVIRONMENT,
      ...movable?.env,
    };
    const { lives } = this.recorder;
    const gateway = [process.execPath, GATEWAY_SCRIPT, 'run'];
    const log = this.#logReader.pipe;
    this.world = {
      home,
      volume,
      port: ports.gateway,
      gateway: new Supervised({ program: 'gateway', command: limited(gateway, log), env, lives }),
      dashboards: new Dashboards({
        command: [process.execPath, DASHBOARD_SCRIPT, 'serve'],
        env,
        ports,
        secret,
        lives,
      }),
      logReader: this.#logReader,
      setClock: (seconds) => movable?.move(seconds),
      recorder: this.recorder,
      stopBoundMs: STOP_BOUND_MS,
      storm,
    };
  }

  /** Starts everything; it need not be up yet. */
  static async start(options: RoundOptions, storm: AbortSignal): Promise<Stage> {
    const [gateway, first, second] = [await freePort(), await freePort(), await freePort()];
    const stage = new Stage(options, { gateway, first, second }, storm);
    stage.world.gateway.start();
    stage.world.dashboards.first.start();
    return stage;
  }

  /** One that cannot be undone does not keep the others from it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await using stack = new AsyncDisposableStack();
    stack.use(this.directory);
    stack.use(this.#logReader);
    stack.use(this.observer);
    stack.defer(() => this.world.dashboards.close());
    stack.defer(() => this.world.gateway.close('SIGKILL', KILL_MS));
  }
}

/** Nothing of the surroundings of the test may configure the programs. */
const FOREIGN_ENVIRONMENT = {
  API_SERVER_KEY: undefined,
  HERMES_LOG_LEVEL: undefined,
  HERMES_NOTIFY_FD: undefined,
  HERMES_RESTART_DRAIN_TIMEOUT: undefined,
};

/** A command with few descriptors, and with its stderr in a pipe. */
function limited(command: readonly string[], pipe: string): string[] {
  return ['sh', '-c', `ulimit -n ${DESCRIPTOR_LIMIT}; exec "$@" 2>"$0"`, pipe, ...command];
}

function configFor({ replay, onDrain }: RoundOptions, command: readonly string[]): string {
  return [
    `agent: { kind: command, command: ${JSON.stringify(command)}, replay: ${replay}, kill_after: 1 }`,
    `on_drain: ${onDrain}`,
    `restart_drain_timeout: ${GRACE_SECONDS}`,
    '',
  ].join('\n');
}
