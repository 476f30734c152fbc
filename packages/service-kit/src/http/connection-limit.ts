import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '../logger.ts';

/** Descriptors that a program needs for itself: its files, its watches, its spares. */
const OWN_DESCRIPTORS = 48;

/** What is done for a request may need as much again: a process, or a connection to elsewhere. */
const DESCRIPTORS_PER_CONNECTION = 2;

const LEAST_CONNECTIONS = 4;

/** That connections are refused is logged so often at most, in ms. */
const LOG_INTERVAL_MS = 60_000;

/** How many connections a server may hold in a process that may have `descriptors` files open. */
export function maxConnections(descriptors: number): number {
  return Math.max(LEAST_CONNECTIONS, Math.floor((descriptors - OWN_DESCRIPTORS) / DESCRIPTORS_PER_CONNECTION));
}

/** How many files this process may have open; no number where the system does not tell. */
export function descriptorLimit(): number {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * Bounds the connections of a server, so that they never use up the descriptors of its process. When there are too many,
 * the one that has been idle for longest is closed; where none is idle, the new one is.
 */
export class ConnectionLimit {
  readonly #max: number;
  readonly #log: Logger;
  /** Without a request, the one that has been so for longest first. */
  readonly #idle = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  #loggedAt = Number.NEGATIVE_INFINITY;

  /** @param max how many connections there may be at a time. */
  constructor(log: Logger, max = maxConnections(descriptorLimit())) {
    this.#log = log;
    this.#max = max;
  }

  watch(server: Server): void {
    server.on('connection', (socket) => this.#admit(socket));
    server.on('request', (request, response) => this.#follow(request, response));
  }

  #admit(socket: Socket): void {
    socket.once('close', () => {
      this.#idle.delete(socket);
      this.#busy.delete(socket);
    });
    this.#idle.add(socket);
    if (this.#idle.size + this.#busy.size <= this.#max) return;
    const [longestIdle] = this.#idle;
    this.#tell();
    longestIdle?.destroy();
  }

  #follow({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#idle.delete(socket);
    this.#busy.add(socket);
    response.once('close', () => {
      if (this.#busy.delete(socket) && !socket.destroyed) this.#idle.add(socket);
    });
  }

  #tell(): void {
    const now = performance.now();
    if (now - this.#loggedAt < LOG_INTERVAL_MS) return;
    this.#loggedAt = now;
    const counts = { limit: this.#max, busy: this.#busy.size };
    this.#log.warn(counts, 'too many connections: idle ones are closed; raise the number of open files (ulimit -n)');
  }
}
