import { withTimeout } from '@hermes/service-kit';
import type { Gate } from '../gate/gate.ts';
import { fromStorage } from '../journal/storage-error.ts';
import type { TurnRecord, TurnStore } from '../journal/turn-store.ts';
import type { OpenTurns } from './open-turns.ts';
import { Repeats } from './repeats.ts';
import { type Message, Turn } from './turn.ts';

/** Maximum time that a refusal waits for the journal to look for an earlier message, in ms: the disk may hang. */
const LOOK_UP_MS = 250;

export interface RecognitionParts {
  readonly gate: Gate;
  readonly journal: TurnStore;
  readonly open: OpenTurns;
  /** Recovers an open turn that is not running. */
  adopt(record: TurnRecord): Turn;
}

/** Recognises repeated messages: by their id, or by the request that contains them. */
export class Recognition {
  /** Maps requests to turns, and tracks the clients that wait for them. */
  readonly repeats = new Repeats();
  readonly #parts: RecognitionParts;

  constructor(parts: RecognitionParts) {
    this.#parts = parts;
  }

  /** The turn of the same message in the journal, unless it is open. @throws StorageError */
  async lookUp(message: Message): Promise<TurnRecord | undefined> {
    const record = this.#findRecord(message);
    if (record === undefined || !this.#parts.gate.refusal(message.kind)) return record;
    // A later repetition must still get the first answer.
    return withTimeout(record, LOOK_UP_MS, () => undefined);
  }

  /** The open turn of the same message. */
  findOpen({ session, messageId, origin }: Message): Turn | undefined {
    const { open } = this.#parts;
    if (messageId !== undefined) return open.findMessage(session, messageId);
    const id = origin && this.repeats.find(origin, performance.now());
    return id === undefined ? undefined : open.find(id);
  }

  /**
   * The turn of a record that was read while the turn was not open: the ended turn, which may have ended since, or the
   * open one with its running agent. @throws StorageError
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
