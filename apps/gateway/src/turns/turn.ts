import { v7 as uuidv7 } from 'uuid';
import type { TurnKind } from '../gate/gate.ts';

export type TurnStatus = 'accepted' | 'running' | 'done' | 'failed' | 'interrupted';

/** A message as somebody sent it. */
export interface Message {
  readonly session: string;
  readonly text: string;
  /** The sender's own id: a second message of the session with the same one is the same message. */
  readonly messageId?: string | undefined;
  readonly kind: TurnKind;
}

/** One message and the agent's work on it. `accepted -> running -> done | failed | interrupted`. */
export class Turn {
  readonly id: string = uuidv7();
  readonly message: Message;
  /** Unix ms, as all its times. */
  readonly acceptedAt: number = Date.now();
  readonly #chunks: string[] = [];
  readonly #settled = Promise.withResolvers<void>();
  #changed = Promise.withResolvers<void>();
  #status: TurnStatus = 'accepted';
  #startedAt: number | undefined;
  #endedAt: number | undefined;
  #problem: string | undefined;

  constructor(message: Message) {
    this.message = message;
  }

  get status(): TurnStatus {
    return this.#status;
  }

  get startedAt(): number | undefined {
    return this.#startedAt;
  }

  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  /** What the agent has said so far. */
  get reply(): string {
    return this.#chunks.join('');
  }

  /** Why it failed or was interrupted, for the person who waits. */
  get problem(): string | undefined {
    return this.#problem;
  }

  get isSettled(): boolean {
    return this.#endedAt !== undefined;
  }

  /** Resolves when the turn has ended, however it ended. Never rejects. */
  get whenSettled(): Promise<void> {
    return this.#settled.promise;
  }

  start(): void {
    this.#status = 'running';
    this.#startedAt = Date.now();
    this.#wake();
  }

  append(text: string): void {
    this.#chunks.push(text);
    this.#wake();
  }

  settle(status: 'done' | 'failed' | 'interrupted', problem?: string): void {
    if (this.isSettled) return;
    this.#status = status;
    this.#problem = problem;
    this.#endedAt = Date.now();
    this.#wake();
    this.#settled.resolve();
  }

  /** The reply from its beginning, piece by piece as it grows; ends when the turn has ended or `signal` aborts. */
  async *chunks(signal: AbortSignal): AsyncIterable<string> {
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => aborted.resolve(), { once: true });
    for (let next = 0; !signal.aborted; next++) {
      while (next >= this.#chunks.length && !signal.aborted) {
        if (this.isSettled) return;
        await Promise.race([this.#changed.promise, aborted.promise]);
      }
      const chunk = this.#chunks[next];
      if (chunk !== undefined) yield chunk;
    }
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
