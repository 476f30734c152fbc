import type { Permit } from '../gate/gate.ts';
import type { ClaimedTurn, Fleet } from '../journal/fleet.ts';
import type { DispatcherParts } from './dispatcher.ts';
import type { FollowedTurns } from './followed-turns.ts';
import type { StuckTurns } from './stuck-turns.ts';
import { Turn } from './turn.ts';

/** Turns that are claimed at a time. */
const CLAIM = 64;

/** Every so many looks, it looks for turns that wait: an idle gateway must cost the database little. */
const CLAIM_LOOKS = 5;

export interface TurnClaimsParts extends DispatcherParts {
  readonly fleet: Fleet;
  readonly followed: FollowedTurns;
  readonly stuck: StuckTurns;
  /** Called when a claimed turn is about to start here. */
  onStarting(turn: Turn): void;
}

/** Claims waiting turns of the shared journal while the gate is open, and runs them. */
export class TurnClaims {
  readonly #parts: TurnClaimsParts;
  #isLeaving = false;
  #isClaiming = false;
  #claimAgain = false;
  #lookCount = 0;
  /** What the other gateways were told: whether this one takes turns. */
  #takesTurns = false;

  constructor(parts: TurnClaimsParts) {
    this.#parts = parts;
  }

  /** Whether this gateway may start a turn that waits. */
  get mayStart(): boolean {
    const { gate, memory } = this.#parts;
    return !this.#isLeaving && (memory.isEmpty || memory.room > 0) && gate.refusal('external') === undefined;
  }

  resume(): void {
    if (!this.mayStart) return;
    this.#tellPeers(true);
    void this.claim();
  }

  pause(): void {
    this.#tellPeers(false);
  }

  /** Claims nothing from now on. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** To be called every second: the other gateways may not have been told, or a message of theirs may be missing. */
  look(): void {
    this.#lookCount += 1;
    this.#tellPeers(this.mayStart);
    if (this.#claimAgain || this.#lookCount % CLAIM_LOOKS === 0) void this.claim();
  }

  /** Claims and starts waiting turns until there are none, or no more may start. Never rejects. */
  async claim(): Promise<void> {
    this.#claimAgain = true;
    if (this.#isClaiming) return;
    this.#isClaiming = true;
    try {
      while (this.#claimAgain && this.mayStart) {
        this.#claimAgain = false;
        const turns = await this.#parts.fleet.claim(CLAIM, this.#parts.memory.room, Date.now());
        for (const turn of turns) this.runClaimed(turn);
        this.#claimAgain ||= turns.length > 0;
      }
    } catch {
      // The journal reports its own problem; the next look tries again.
    } finally {
      this.#isClaiming = false;
    }
  }

  /** Runs a turn, unless this gateway has lost it since: another one may have taken it over. */
  runClaimed(claimed: ClaimedTurn): void {
    const { fleet, followed, gate, memory, open, runner, stuck } = this.#parts;
    if (claimed.owner !== fleet.owner) return;
    const turn = open.find(claimed.id) ?? Turn.takeOver(claimed);
    if (runner.isRunning(turn)) {
      // It was aborted when this gateway lost it, and its agent has not ended yet.
      stuck.expect(turn.id);
      void runner.whenOver(turn).then(() => this.runClaimed(claimed));
      return;
    }
    const { kind, session } = turn.message;
    const before = claimed.attempts - 1;
    const admission = gate.admit(kind, { id: turn.id, session });
    if (!admission.admitted) {
      // A drain has begun since.
      this.giveBack(claimed.id, before);
      return;
    }
    this.#parts.onStarting(turn);
    followed.remove(turn);
    if (!open.has(turn)) void runner.track(turn);
    turn.follow({ status: 'accepted', attempts: before, startedAt: null });
    turn.start(claimed.startedAt ?? Date.now(), claimed);
    memory.holdText(turn);
    void this.run(turn, admission.permit);
  }

  /** Runs a turn that has started, then claims more if there was no room before. Never rejects. */
  async run(turn: Turn, permit: Permit): Promise<void> {
    const { memory, runner } = this.#parts;
    try {
      await runner.run(turn, permit, Promise.resolve());
    } finally {
      memory.release(turn);
      permit.release();
    }
    if (this.#claimAgain) void this.claim();
  }

  /** Lets any gateway start a turn that this one owns. If that fails, it is found later. */
  giveBack(id: string, attempts: number): void {
    this.#parts.fleet.giveBack(id, attempts).catch((error) => {
      this.#parts.log.warn(
        { err: error, turn_id: id },
        'a turn could not be returned to those that wait; trying again later',
      );
      this.#parts.stuck.forget(id);
    });
  }

  #tellPeers(takesTurns: boolean): void {
    if (takesTurns === this.#takesTurns) return;
    this.#takesTurns = takesTurns;
    this.#parts.fleet.takeTurns(takesTurns).catch(() => {
      // The next look tries again.
      this.#takesTurns = !takesTurns;
    });
  }
}
