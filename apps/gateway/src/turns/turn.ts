import type { TurnKind } from '../gate/gate.ts';
import type { ReplyPiece } from '../journal/fleet.ts';
import type {
  ConversationPart,
  EndStatus,
  TurnContent,
  TurnEnd,
  TurnForm,
  TurnRecord,
  TurnStatus,
  UnfinishedTurn,
} from '../journal/turn-store.ts';
import { ChangeSignal } from './change-signal.ts';
import { GrowingReply } from './growing-reply.ts';
import type { Origin } from './repeats.ts';
import { newTurnId } from './turn-id.ts';

/** A message of a client. */
export interface Message {
  readonly session: string;
  readonly text: string;
  /** What the text is, unless it is plain: see {@link TurnRecord}. */
  readonly form?: TurnForm | undefined;
  /** The client's own id: a second message of the session with the same id is the same message. */
  readonly messageId?: string | undefined;
  readonly kind: TurnKind;
  /** Default: an exchange. */
  readonly conversation?: ConversationPart | undefined;
  /** Identifies the message when it is sent again, unless it has an id. */
  readonly origin?: Origin | undefined;
  /** Its session was created for this message only, so it has no readers. */
  readonly isAlone?: boolean | undefined;
  /** Another message with its id is refused, unless its text is the same. */
  readonly mustMatch?: boolean | undefined;
}

/** A message without the fields that may be long. */
export type Envelope = Pick<Message, 'session' | 'messageId' | 'kind' | 'conversation' | 'form'>;

/** As a turn keeps it. */
type KeptEnvelope = Envelope & { readonly conversation: ConversationPart };

/** The fields that a turn keeps for life. */
type Lifelong = Pick<Turn, 'id' | 'acceptedAt' | 'bytes' | 'fingerprint'>;

/** One message and the agent's work on it. `accepted -> running -> done | failed | interrupted`. */
export class Turn {
  readonly id: string;
  #message: KeptEnvelope;
  /** The fingerprint of its request if it has no id: see {@link Origin}. */
  readonly fingerprint: string | undefined;
  #bytes: number;
  /** Unix ms, like all times of a turn. */
  readonly acceptedAt: number;
  /** `undefined` while only the journal has it. */
  #text: string | undefined;
  readonly #changed = new ChangeSignal();
  readonly #growing = new GrowingReply(this.#changed);
  #status: TurnStatus = 'accepted';
  #attempts = 0;
  #startedAt: number | null = null;
  #end: TurnEnd | undefined;
  #isLeft = false;

  /** @param from the fields of a turn from the journal; by default the turn is new. */
  constructor(message: Envelope & Partial<Pick<Message, 'text' | 'origin'>>, from: Partial<Lifelong> = {}) {
    const { session, messageId, kind, conversation = 'exchange', form, text, origin } = message;
    // Without the text, so that its memory can be freed.
    this.#message = { session, messageId, kind, conversation, form };
    this.#text = text;
    this.fingerprint = messageId === undefined ? (from.fingerprint ?? origin?.fingerprint) : undefined;
    this.#bytes = from.bytes ?? Buffer.byteLength(text ?? '');
    this.id = from.id ?? newTurnId();
    this.acceptedAt = from.acceptedAt ?? Date.now();
  }

  /** A turn from the journal that will run, or run again. Until then only the journal has its text. */
  static takeOver(record: UnfinishedTurn): Turn {
    const { id, bytes, acceptedAt, fingerprint } = record;
    const turn = new Turn(envelopeOf(record), { id, bytes, acceptedAt, fingerprint: fingerprint ?? undefined });
    turn.#attempts = record.attempts;
    turn.#startedAt = record.startedAt;
    return turn;
  }

  /**
   * A turn from the journal, for reading. One that has not ended is `accepted` and left to another process: no engine
   * in this process runs it, so there is nothing to wait for.
   */
  static restore(record: TurnRecord): Turn {
    const { text, id, acceptedAt, startedAt, endedAt, status, reply, problem } = record;
    const turn = new Turn({ ...envelopeOf(record), text }, { id, acceptedAt });
    turn.#attempts = record.attempts;
    turn.#startedAt = startedAt;
    if (endedAt === null || status === 'accepted' || status === 'running') {
      turn.leave();
      return turn;
    }
    turn.settle({ status, reply, problem, endedAt });
    return turn;
  }

  get message(): KeptEnvelope {
    return this.#message;
  }

  /** Bytes of its text, in UTF-8. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether its text is in memory. */
  get hasText(): boolean {
    return this.#text !== undefined;
  }

  /** @throws Error while only the journal has it. */
  get text(): string {
    if (this.#text === undefined) throw new Error(`the text of turn ${this.id} is in the journal`);
    return this.#text;
  }

  get status(): TurnStatus {
    return this.#status;
  }

  /** Number of starts. */
  get attempts(): number {
    return this.#attempts;
  }

  get startedAt(): number | null {
    return this.#startedAt;
  }

  get endedAt(): number | null {
    return this.#end?.endedAt ?? null;
  }

  /** The reply so far. */
  get reply(): string {
    return this.#end?.reply ?? this.#growing.text;
  }

  /** The reply as it was stored at the end; of a turn that has failed or was interrupted, what there is of it. */
  get endReply(): string | null {
    return this.#end?.reply ?? null;
  }

  /** Why it ended without a reply, for the person who waits. */
  get problem(): string | null {
    return this.#end?.problem ?? null;
  }

  get isSettled(): boolean {
    return this.#end !== undefined;
  }

  /** Whether there is nothing to wait for: it has ended, or is left to the next process. */
  get isOver(): boolean {
    return this.isSettled || this.#isLeft;
  }

  /** Resolves when the turn has ended for any reason, or is left to the next process. Never rejects. */
  get whenOver(): Promise<void> {
    return this.#untilOver();
  }

  /** Frees the text, which the journal has; the start of the turn loads it again. */
  dropText(): void {
    this.#text = undefined;
  }

  /** @param content what the message says now, by the journal. Default: as before. */
  start(at: number, content?: TurnContent): void {
    if (content) {
      this.revise(content);
      this.#text = content.text;
    }
    this.#growing.restart();
    this.#status = 'running';
    this.#attempts += 1;
    this.#startedAt = at;
    this.#changed.wake();
  }

  append(text: string): void {
    this.#growing.append(text);
  }

  settle(end: TurnEnd): void {
    if (this.isSettled) return;
    if (end.status === 'done') this.#growing.complete(end.reply ?? '');
    this.#status = end.status;
    this.#end = end;
    this.#changed.wake();
  }

  /**
   * Whether {@link chunks} made up the whole reply. Not if the turn was started again by another gateway after a part of
   * its reply had been read.
   */
  get isStreamWhole(): boolean {
    return this.#end?.status !== 'done' || this.#growing.shown === this.reply;
  }

  /** Another gateway runs it, or will: takes over what the journal says of a turn that has not ended. */
  follow({ status, attempts, startedAt }: Pick<TurnRecord, 'status' | 'attempts' | 'startedAt'>): void {
    if (this.isSettled) return;
    this.#text = undefined;
    this.#status = status;
    this.#attempts = attempts;
    this.#startedAt = startedAt;
    this.#changed.wake();
  }

  /** Adds a piece of the reply from another gateway, unless an earlier piece is missing. */
  appendPiece(piece: Pick<ReplyPiece, 'attempt' | 'offset' | 'text'>): void {
    if (!this.isSettled) this.#growing.appendPiece(piece);
  }

  /** It will not start in this process: it stays in the journal for the next one. */
  leave(): void {
    this.#isLeft = true;
    this.#changed.wake();
  }

  /** The end of the turn if it ended now. @param reply of a turn that is not done: what there is of it, or see `UpstreamError`. */
  ending(status: EndStatus, problem: string | null = null, reply: string | null = null): TurnEnd {
    return { status, reply: status === 'done' ? this.reply : reply, problem, endedAt: Date.now() };
  }

  toRecord(): TurnRecord {
    return {
      id: this.id,
      session: this.message.session,
      messageId: this.message.messageId ?? null,
      kind: this.message.kind,
      conversation: this.message.conversation,
      fingerprint: this.fingerprint ?? null,
      form: this.message.form ?? null,
      text: this.text,
      status: this.#status,
      attempts: this.#attempts,
      reply: this.#end?.reply ?? null,
      problem: this.problem,
      acceptedAt: this.acceptedAt,
      startedAt: this.#startedAt,
      endedAt: this.endedAt,
    };
  }

  /** The reply from its beginning, piece by piece as it grows; ends when `whenOver` resolves, or `signal` aborts. */
  chunks(signal: AbortSignal): AsyncIterable<string> {
    return this.#growing.read(() => this.isOver, signal);
  }

  /** It says this now. Its text is in the journal. */
  revise({ text, form }: TurnContent): void {
    this.#bytes = Buffer.byteLength(text);
    this.#message = { ...this.#message, form: form ?? undefined };
  }

  async #untilOver(): Promise<void> {
    while (!this.isOver) await this.#changed.next();
  }
}

type StoredEnvelope = Pick<TurnRecord, 'session' | 'messageId' | 'kind' | 'conversation' | 'form'>;

function envelopeOf({ session, messageId, kind, conversation, form }: StoredEnvelope): Envelope {
  return { session, messageId: messageId ?? undefined, kind, conversation, form: form ?? undefined };
}
