import { withTimeout } from '@hermes/service-kit';
import type { Gate } from '../gate/gate.ts';
import { fromStorage } from '../journal/storage-error.ts';
import type { TurnRecord, TurnStore } from '../journal/turn-store.ts';
import type { OpenTurns } from './open-turns.ts';
import { Repeats } from './repeats.ts';
import { type Message, Turn } from './turn.ts';

/** A refusal waits at most this long for the journal to say whether the message came before, in ms: the disk may hang. */
const LOOK_UP_MS = 250;

export interface RecognitionParts {
  readonly gate: Gate;
  readonly journal: TurnStore;
  readonly open: OpenTurns;
  /** Takes over a turn that has not ended and that no one works on. */
  adopt(record: TurnRecord): Turn;
}

/** Recognises a message that came before: by its id, or by the request that brought it. */
export class Recognition {
  /** Which request belongs to which turn, and who waits for it. */
  readonly repeats = new Repeats();
  readonly #parts: RecognitionParts;

  constructor(parts: RecognitionParts) {
    this.#parts = parts;
  }

  /** What the journal has of the same message, unless its turn is open. @throws StorageError */
  async lookUp(message: Message): Promise<TurnRecord | undefined> {
    const record = this.#findRecord(message);
    if (record === undefined || !this.#parts.gate.refusal(message.kind)) return record;
    // Sent again later, it gets its first answer all the same.
    return withTimeout(record, LOOK_UP_MS, () => undefined);
  }

  /** The turn of the same message that has not ended. */
  findOpen({ session, messageId, origin }: Message): Turn | undefined {
    const { open } = this.#parts;
    if (messageId !== undefined) return open.findMessage(session, messageId);
    const id = origin && this.repeats.find(origin, performance.now());
    return id === undefined ? undefined : open.find(id);
  }

  /**
   * The turn of a record that was read while the turn was not open: as it ended, which may have been since, or as it is
   * now, with its agent at work. @throws StorageError
   */
  async restore(record: TurnRecord): Promise<Turn> {
    const { adopt, journal, open } = this.#parts;
    const now = record.endedAt === null ? ((await fromStorage(journal.find(record.id))) ?? record) : record;
    if (now.endedAt !== null) return Turn.restore(now);
    return open.find(now.id) ?? adopt(now);
  }

  #findRecord({ session, messageId, origin }: Message): Promise<TurnRecord | undefined> | undefined {
    const { journal, open } = this.#parts;
    if (messageId !== undefined) return fromStorage(journal.findMessage(session, messageId));
    const id = origin && this.repeats.find(origin, performance.now());
    return id === undefined || open.find(id) ? undefined : fromStorage(journal.find(id));
  }
}
