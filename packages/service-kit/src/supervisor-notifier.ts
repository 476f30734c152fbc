import type { Logger } from './logger.ts';
import { notifyReady } from './ready.ts';
import { SystemdSender } from './systemd-message.ts';

/** A start that still makes progress gets so much more time from systemd, in ms, each time it asks. */
const START_EXTENSION_MS = 60_000;
const START_INTERVAL_MS = 10_000;

/** So many signs of life fit into the time of the watchdog: a single one may be lost. */
const SIGNS_OF_LIFE = 3;

export interface SupervisorNotifierOptions {
  /** Default: that of this process. The variables of systemd are removed from it: they are not for child processes. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly log: Pick<Logger, 'warn'>;
  /** What the program is doing, in a few words, for people: it is shown by `systemctl status`. */
  readonly describe?: () => string;
}

/**
 * Reports to the supervisor of this process: to s6 that it is ready ({@link notifyReady}), and to systemd
 * (`Type=notify`) that it starts, is ready, is alive, and stops. Without a supervisor, nothing. Best effort: no method
 * throws or waits.
 */
export class SupervisorNotifier implements Disposable {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #sender: SystemdSender | undefined;
  readonly #describe: (() => string) | undefined;
  readonly #watchdogMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hasFailed = false;

  constructor({ environment = process.env, log, describe }: SupervisorNotifierOptions) {
    this.#environment = environment;
    this.#describe = describe;
    this.#watchdogMs = watchdogMs(environment, process.pid);
    const { NOTIFY_SOCKET: address, PATH: path } = environment;
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete environment[name];
    if (!address) return;
    this.#sender = new SystemdSender(address, path, (reason) => {
      if (!this.#hasFailed) log.warn({ reason }, 'systemd could not be notified: expected systemd-notify on the PATH');
      this.#hasFailed = true;
    });
    // Its timeout is for a start that hangs: retries of a temporary failure take as long as they are configured to.
    this.#repeat(START_INTERVAL_MS, { EXTEND_TIMEOUT_USEC: microseconds(START_EXTENSION_MS) });
  }

  /** The program accepts work. From now on systemd gets signs of life, if its watchdog asks for them. */
  ready(): void {
    notifyReady(this.#environment);
    clearInterval(this.#timer);
    this.#send({ READY: '1', ...(this.#watchdogMs === undefined ? {} : { WATCHDOG: '1' }) });
    if (this.#watchdogMs !== undefined) this.#repeat(this.#watchdogMs / SIGNS_OF_LIFE, { WATCHDOG: '1' });
  }

  /** What {@link SupervisorNotifierOptions.describe} returns has changed. */
  update(): void {
    if (this.#describe !== undefined) this.#send({});
  }

  /** The program shuts down, and takes at most so many seconds: systemd waits for that long. */
  stopping(boundSeconds: number): void {
    this.#send({ STOPPING: '1', EXTEND_TIMEOUT_USEC: microseconds(boundSeconds * 1_000) });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** From the event loop: a program that hangs sends nothing. */
  #repeat(intervalMs: number, message: Readonly<Record<string, string>>): void {
    if (this.#sender === undefined) return;
    this.#timer = setInterval(() => this.#send(message), intervalMs).unref();
  }

  #send(message: Readonly<Record<string, string>>): void {
    this.#sender?.send({ ...message, ...(this.#describe && { STATUS: this.#describe() }) });
  }
}

/** The time of the watchdog for this process; `undefined` when there is none, or it is for another process. */
function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: NodeJS.ProcessEnv, pid: number): number | undefined {
  if (WATCHDOG_PID && WATCHDOG_PID !== String(pid)) return undefined;
  const usec = Number(WATCHDOG_USEC);
  return WATCHDOG_USEC && Number.isFinite(usec) && usec > 0 ? usec / 1_000 : undefined;
}

function microseconds(milliseconds: number): string {
  return String(Math.ceil(milliseconds * 1_000));
}
