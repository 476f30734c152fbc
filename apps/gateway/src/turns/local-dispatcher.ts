import type { TurnContent, TurnRecord, UnfinishedTurn } from '../journal/turn-store.ts';
import { Admission } from './admission.ts';
import type { Dispatcher, DispatcherParts } from './dispatcher.ts';
import { type Revision, revise } from './revision.ts';
import { Scheduler } from './scheduler.ts';
import type { Submission } from './submission.ts';
import { type Message, Turn } from './turn.ts';

/** The dispatcher of a gateway that has its journal for itself. The order of the turns is in memory. */
export class LocalDispatcher implements Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #scheduler: Scheduler;
  readonly #admission: Admission;

  constructor(parts: DispatcherParts) {
    const { journal, runner } = parts;
    const scheduler = new Scheduler({
      ...parts,
      storeStart: (turn) => runner.storeStart(turn),
      run: (turn, permit, started) => runner.run(turn, permit, started),
    });
    const accept = (turn: Turn) => runner.accept(turn, journal.accept(turn.toRecord()).then(ignore));
    this.#parts = parts;
    this.#scheduler = scheduler;
    this.#admission = new Admission({ ...parts, scheduler, accept });
  }

  get queued(): number {
    return this.#scheduler.queued.size;
  }

  enter(message: Message): Submission {
    return this.#admission.enter(message);
  }

  repeat(turn: Turn): Submission {
    return this.#admission.repeat(turn);
  }

  revise(turn: Turn, content: TurnContent): Promise<Revision> {
    return revise(turn, content, { ...this.#parts, backlog: this.#scheduler.queued });
  }

  /** It was stored although that was reported as failed, so it is not running yet. */
  adopt(record: TurnRecord): Turn {
    this.takeOver([{ ...record, seq: 0, bytes: Buffer.byteLength(record.text) }]);
    this.#scheduler.startNext(record.session);
    return this.#parts.open.find(record.id) ?? Turn.restore(record);
  }

  /**
   * Queued turns are queued again; running ones are replayed once if the agent allows it, and reported as interrupted
   * otherwise.
   */
  takeOver(records: readonly UnfinishedTurn[]): void {
    const { runner } = this.#parts;
    for (const record of records) {
      const turn = Turn.takeOver(record);
      const stored = runner.track(turn);
      if (mayRunAgain(record, runner.agent.replayable)) this.#scheduler.enqueue(turn, stored);
      else void runner.end(turn, turn.ending('interrupted', CUT_OFF));
    }
  }

  resume(): void {
    this.#scheduler.resume();
  }

  pause(): void {
    // The scheduler asks the gate.
  }

  watch(): void {
    // The turn runs here.
  }

  interruptWaiting(turn: Turn, why: string): void {
    if (this.#scheduler.remove(turn)) void this.#endUnstarted(turn, why);
  }

  leaveQueued(): number {
    return this.#scheduler.leaveQueued();
  }

  endHandover(): void {
    // All turns run here.
  }

  async whenAnswered(): Promise<void> {
    // All turns run here.
  }

  close(): void {
    // The journal has everything.
  }

  async #endUnstarted(turn: Turn, why: string): Promise<void> {
    // A turn that cannot be stored is dropped anyway.
    const isStored = await this.#parts.open.whenStored(turn).then(
      () => true,
      () => false,
    );
    if (isStored) await this.#parts.runner.end(turn, turn.ending('interrupted', why));
    this.#scheduler.leave(turn);
  }
}

/** Whether a turn of a process that has ended may start here. */
export function mayRunAgain({ status, attempts }: UnfinishedTurn, isReplayable: boolean): boolean {
  return status !== 'running' || (attempts <= 1 && isReplayable);
}

/** For the person whose turn was running when its gateway ended. */
export const CUT_OFF =
  'The gateway was restarted during this turn, and the turn must not run twice. Write again to resume.';

function ignore(): void {
  // The status as stored is the one that was asked for.
}
