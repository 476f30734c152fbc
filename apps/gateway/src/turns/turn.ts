import type { TurnKind } from '../gate/gate.ts';
import type { EndStatus, TurnEnd, TurnRecord, TurnStatus } from '../journal/records.ts';
import { newTurnId } from './turn-id.ts';

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
  readonly id: string;
  readonly message: Message;
  /** Unix ms, as all its times. */
  readonly acceptedAt: number;
  readonly #chunks: string[] = [];
  /** Made by the first who waits: most turns are waited for by nobody, or once. */
  #changed: PromiseWithResolvers<void> | undefined;
  #status: TurnStatus = 'accepted';
  #attempts = 0;
  #startedAt: number | null = null;
  #end: TurnEnd | undefined;
  #isParked = false;

  constructor(message: Message, id: string = newTurnId(), acceptedAt: number = Date.now()) {
    this.message = message;
    this.id = id;
    this.acceptedAt = acceptedAt;
  }

  /** A turn from the journal. One that was running is `accepted` again: nobody works on it. */
  static restore(record: TurnRecord): Turn {
    const { session, text, kind } = record;
    const message = { session, text, kind, messageId: record.messageId ?? undefined };
    const turn = new Turn(message, record.id, record.acceptedAt);
    turn.#attempts = record.attempts;
    turn.#startedAt = record.startedAt;
    if (record.endedAt === null || record.status === 'accepted' || record.status === 'running') return turn;
    if (record.reply !== null) turn.append(record.reply);
    turn.settle({ status: record.status, reply: record.reply, problem: record.problem, endedAt: record.endedAt });
    return turn;
  }

  get status(): TurnStatus {
    return this.#status;
  }

  /** How often it has been started. */
  get attempts(): number {
    return this.#attempts;
  }

  get startedAt(): number | null {
    return this.#startedAt;
  }

  get endedAt(): number | null {
    return this.#end?.endedAt ?? null;
  }

  /** What the agent has said so far. */
  get reply(): string {
    return this.#end?.reply ?? this.#chunks.join('');
  }

  /** Why it ended without a reply, for the person who waits. */
  get problem(): string | null {
    return this.#end?.problem ?? null;
  }

  get isSettled(): boolean {
    return this.#end !== undefined;
  }

  /** Resolves when the turn has ended, however it ended, or is parked. Never rejects. */
  get whenOver(): Promise<void> {
    return this.#untilOver();
  }

  start(at: number): void {
    this.#status = 'running';
    this.#attempts += 1;
    this.#startedAt = at;
    this.#wake();
  }

  append(text: string): void {
    this.#chunks.push(text);
    this.#wake();
  }

  settle(end: TurnEnd): void {
    if (this.isSettled) return;
    this.#status = end.status;
    this.#end = end;
    this.#wake();
  }

  /** It will not start in this process any more: it stays in the journal for the next one. */
  park(): void {
    this.#isParked = true;
    this.#wake();
  }

  /** How it would end now. */
  ending(status: EndStatus, problem: string | null = null): TurnEnd {
    return { status, reply: status === 'done' ? this.reply : null, problem, endedAt: Date.now() };
  }

  toRecord(): TurnRecord {
    return {
      id: this.id,
      session: this.message.session,
      messageId: this.message.messageId ?? null,
      kind: this.message.kind,
      text: this.message.text,
      status: this.#status,
      attempts: this.#attempts,
      reply: this.#end?.reply ?? null,
      problem: this.problem,
      acceptedAt: this.acceptedAt,
      startedAt: this.#startedAt,
      endedAt: this.endedAt,
    };
  }

  /** The reply from its beginning, piece by piece as it grows; ends when the turn has ended or is parked, or `signal` aborts. */
  async *chunks(signal: AbortSignal): AsyncIterable<string> {
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => aborted.resolve(), { once: true });
    for (let next = 0; !signal.aborted; next++) {
      while (next >= this.#chunks.length && !signal.aborted) {
        if (this.isSettled || this.#isParked) return;
        await Promise.race([this.#change(), aborted.promise]);
      }
      const chunk = this.#chunks[next];
      if (chunk !== undefined) yield chunk;
    }
  }

  async #untilOver(): Promise<void> {
    while (!this.isSettled && !this.#isParked) await this.#change();
  }

  /** Resolves when anything has changed. */
  #change(): Promise<void> {
    this.#changed ??= Promise.withResolvers<void>();
    return this.#changed.promise;
  }

  #wake(): void {
    this.#changed?.resolve();
    this.#changed = undefined;
  }
}
