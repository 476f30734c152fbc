import { spawn } from 'node:child_process';

/** How long systemd-notify may take, in ms: it waits until the manager has read the message. */
const TIMEOUT_MS = 10_000;

/** What a message sets, see sd_notify(3). */
export type SystemdMessage = Readonly<Record<string, string>>;

/**
 * Sends messages to a systemd manager, one at a time and in their order. Node has no datagram sockets for local paths, so
 * `systemd-notify` sends them, which is part of systemd: it fits the manager, knows every kind of address, and waits
 * until the message was read, since one of a process that has ended could not be attributed to its unit.
 */
export class SystemdSender {
  readonly #address: string;
  readonly #path: string | undefined;
  readonly #onFailure: (reason: string) => void;
  #pending: Record<string, string> | undefined;
  #isSending = false;

  /**
   * @param address the value of `NOTIFY_SOCKET` @param path the `PATH` on which systemd-notify is
   * @param onFailure called with the reason of each message that could not be sent
   */
  constructor(address: string, path: string | undefined, onFailure: (reason: string) => void) {
    this.#address = address;
    this.#path = path;
    this.#onFailure = onFailure;
  }

  /** Sends the message, or adds it to the one that waits until the last one is sent. Never throws. */
  send(message: SystemdMessage): void {
    this.#pending = { ...this.#pending, ...message };
    if (!this.#isSending) this.#sendPending();
  }

  #sendPending(): void {
    const message = this.#pending;
    this.#pending = undefined;
    this.#isSending = message !== undefined;
    if (message === undefined) return;
    const child = spawn('systemd-notify', assignments(message), {
      env: { NOTIFY_SOCKET: this.#address, ...(this.#path === undefined ? {} : { PATH: this.#path }) },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    // Neither keeps a program alive that has nothing else to do.
    child.unref();
    let complaint = '';
    child.stderr.on('data', (data) => {
      complaint += String(data);
    });
    let isOver = false;
    const end = (reason: string | undefined) => {
      if (isOver) return;
      isOver = true;
      if (reason !== undefined) this.#onFailure(reason);
      this.#sendPending();
    };
    child.on('error', (error) => end(error.message));
    child.on('exit', (code, signal) =>
      end(code === 0 ? undefined : complaint.trim() || `systemd-notify ended with ${signal ?? code}`),
    );
  }
}

/** A value is one line; the manager cuts a longer status. */
function assignments(message: SystemdMessage): string[] {
  return Object.entries(message).map(([name, value]) => `${name}=${value.replaceAll(/\s+/g, ' ').slice(0, 500)}`);
}
