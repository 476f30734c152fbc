import { setTimeout as delay } from 'node:timers/promises';
import type { Permit, Refusal } from '../gate/gate.ts';
import type { Announcement } from '../journal/event-store.ts';
import type { Fleet } from '../journal/fleet.ts';
import type { OpenStatus, TurnContent, TurnEnd, TurnRecord, UnfinishedTurn } from '../journal/turn-store.ts';
import type { Dispatcher, DispatcherParts } from './dispatcher.ts';
import { FollowedTurns } from './followed-turns.ts';
import { CUT_OFF, mayRunAgain } from './local-dispatcher.ts';
import type { Repeats } from './repeats.ts';
import { Replies } from './replies.ts';
import { type Revision, revise } from './revision.ts';
import { GONE } from './runner.ts';
import { StuckTurns } from './stuck-turns.ts';
import { overloaded, type Submission } from './submission.ts';
import { type Message, Turn } from './turn.ts';
import { TurnClaims } from './turn-claims.ts';

/** How often it looks for itself, in ms: a message from another gateway may be missing. */
const LOOK_MS = 1_000;

/** How often a process that stops looks whether its clients have their answers, in ms. */
const ANSWERED_LOOK_MS = 50;

export interface SharedDispatcherParts extends DispatcherParts {
  readonly fleet: Fleet;
  readonly repeats: Repeats;
}

/**
 * The dispatcher of a gateway that shares its journal with others. Waiting turns are in the journal, and any gateway
 * whose gate is open starts them; this one follows those of its clients.
 */
export class SharedDispatcher implements Dispatcher {
  readonly #parts: SharedDispatcherParts;
  readonly #followed: FollowedTurns;
  readonly #stuck: StuckTurns;
  readonly #looks: NodeJS.Timeout;
  readonly #claims: TurnClaims;
  #mayHandOver = true;
  /** Turns that are being stored. Such a turn may be claimed before the answer to its sender is known here. */
  readonly #arriving = new Set<Turn>();

  constructor(parts: SharedDispatcherParts) {
    const { fleet, journal, open, runner } = parts;
    this.#parts = parts;
    this.#followed = new FollowedTurns({
      find: (id) => journal.find(id),
      onRead: (turn) => fleet.watch(turn.id),
      onEnded: (turn, record) => runner.settleElsewhere(turn, record ? endOf(record) : turn.ending('failed', GONE)),
      onWaiting: (count) => parts.onQueued(count),
    });
    this.#stuck = new StuckTurns({
      ...parts,
      isHere: (id) => {
        const turn = open.find(id);
        return turn !== undefined && !this.#followed.has(turn);
      },
    });
    this.#claims = new TurnClaims({
      ...parts,
      followed: this.#followed,
      stuck: this.#stuck,
      onStarting: (turn) => this.#arriving.delete(turn),
    });
    const replies = new Replies(fleet);
    runner.share({
      storeEnd: (turn, end, announcement) => this.#storeEnd(turn, end, announcement),
      onMoved: (turn) => this.#follow(turn),
    });
    fleet.on('news', (sessions) => {
      for (const session of sessions) this.#followed.lookAtSession(session);
    });
    fleet.on('waiting', () => void this.#claims.claim());
    fleet.on('resync', () => this.#lookAtAll());
    fleet.on('piece', (piece) => this.#followed.append(piece));
    fleet.on('lost', (_problem, waitFor) => waitFor(runner.abandonAll()));
    fleet.on('watched', (id) => {
      const turn = open.find(id);
      if (turn && !this.#followed.has(turn)) void replies.send(turn);
    });
    fleet.on('interrupt', (id, why) => {
      const turn = open.find(id);
      if (turn) runner.interrupt(turn, why);
    });
    this.#looks = setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  get queued(): number {
    return this.#followed.waiting.size;
  }

  enter(message: Message): Submission {
    const { gate, limits, memory, open } = this.#parts;
    const turn = new Turn(message);
    const { kind, session } = turn.message;
    if (open.size >= limits.open) return overloaded(limits.open, 'turns');
    if (this.#followed.countIn(session) >= limits.perSession) return overloaded(limits.perSession, 'turns');
    if (!memory.hasRoom(turn)) return overloaded(limits.intakeBytes, 'bytes');
    if (this.#followed.waiting.bytes + turn.bytes > limits.backlogBytes)
      return overloaded(limits.backlogBytes, 'bytes');
    const admission = gate.admit(kind, { id: turn.id, session });
    if (!admission.admitted) return this.#handOver(turn, admission.refusal);
    turn.start(Date.now());
    memory.holdText(turn);
    const accepted = this.#accept(turn);
    void this.#runFirst(turn, admission.permit, accepted);
    return { kind: 'accepted', turn, repeated: false };
  }

  repeat(turn: Turn): Submission {
    const { fleet, gate } = this.#parts;
    const isWaiting = this.#followed.has(turn) && turn.status === 'accepted';
    const refusal = isWaiting && fleet.takers === 0 ? gate.refusal(turn.message.kind) : undefined;
    return refusal?.reason === 'draining'
      ? { kind: 'queued', turn, repeated: true, refusal }
      : { kind: 'accepted', turn, repeated: true };
  }

  revise(turn: Turn, content: TurnContent): Promise<Revision> {
    return revise(turn, content, { ...this.#parts, backlog: this.#followed.waiting });
  }

  adopt(record: TurnRecord): Turn {
    const { open, limits, runner } = this.#parts;
    if (open.size >= limits.open) return Turn.restore(record);
    const turn = Turn.takeOver({ ...record, seq: 0, bytes: Buffer.byteLength(record.text) });
    turn.follow(record);
    void runner.track(turn);
    this.#follow(turn);
    return turn;
  }

  /** Running turns of gateways that have ended, which this one owns now. Those that may run again go to any gateway. */
  takeOver(records: readonly UnfinishedTurn[]): void {
    const { open, runner } = this.#parts;
    for (const record of records) {
      if (record.status !== 'running') continue;
      this.#stuck.expect(record.id);
      if (mayRunAgain(record, runner.agent.replayable)) {
        this.#claims.giveBack(record.id, record.attempts);
        continue;
      }
      const turn = open.find(record.id) ?? Turn.takeOver(record);
      if (!open.has(turn)) void runner.track(turn);
      this.#followed.remove(turn);
      void runner.end(turn, turn.ending('interrupted', CUT_OFF));
    }
  }

  resume(): void {
    this.#claims.resume();
  }

  pause(): void {
    this.#claims.pause();
  }

  watch(turn: Turn): void {
    this.#followed.watch(turn);
  }

  interruptWaiting(turn: Turn, why: string): void {
    void this.#interruptElsewhere(turn, why);
  }

  leaveQueued(): number {
    this.#claims.leave();
    this.#claims.pause();
    return 0;
  }

  endHandover(): void {
    this.#mayHandOver = false;
  }

  async whenAnswered(signal: AbortSignal): Promise<void> {
    const { repeats } = this.#parts;
    // Of a turn that is being stored it is not known yet whether its client waits.
    const isAwaited = () =>
      this.#arriving.size > 0 || Iterator.from(this.#followed.turns).some(({ id }) => repeats.isAttended(id));
    while (isAwaited()) await delay(ANSWERED_LOOK_MS, undefined, { signal });
  }

  close(): void {
    clearInterval(this.#looks);
    this.#claims.leave();
    this.endHandover();
    for (const turn of this.#followed.turns) turn.leave();
  }

  /** Stores a turn. @returns the status as stored. */
  #accept(turn: Turn): Promise<OpenStatus> {
    const { journal, runner } = this.#parts;
    const accepted = journal.accept(turn.toRecord());
    this.#arriving.add(turn);
    void runner.accept(
      turn,
      accepted.then(() => undefined),
    );
    return accepted;
  }

  /** Runs a turn if its session had no other. */
  async #runFirst(turn: Turn, permit: Permit, accepted: Promise<OpenStatus>): Promise<void> {
    // If it could not be stored, the sender gets the error.
    const status = await accepted.catch(() => undefined);
    if (status === 'running') {
      this.#arriving.delete(turn);
      return this.#claims.run(turn, permit);
    }
    permit.release();
    this.#arrived(turn, status !== undefined);
  }

  /** The gate is closed: stores the turn for another gateway, if it may. */
  #handOver(turn: Turn, refusal: Refusal): Submission {
    const { fleet, memory, onDrain, onRefused } = this.#parts;
    const hasTaker = fleet.takers > 0 && this.#mayHandOver;
    const isStored =
      refusal.reason === 'draining'
        ? onDrain !== 'refuse'
        : refusal.reason === 'stopping' && hasTaker && onDrain === 'handover';
    if (!isStored) {
      onRefused(refusal);
      return { kind: 'refused', refusal };
    }
    memory.holdText(turn);
    const accepted = this.#accept(turn);
    accepted.then(
      () => this.#arrived(turn, true),
      () => this.#arrived(turn, false),
    );
    return hasTaker ? { kind: 'accepted', turn, repeated: false } : { kind: 'queued', turn, repeated: false, refusal };
  }

  /** The turn does not run here, unless it was claimed since. */
  #arrived(turn: Turn, isStored: boolean): void {
    if (!this.#arriving.delete(turn)) return;
    this.#parts.memory.release(turn);
    if (!isStored) return;
    turn.follow({ status: 'accepted', attempts: 0, startedAt: null });
    this.#follow(turn);
  }

  #follow(turn: Turn): void {
    this.#followed.add(turn);
    void this.#followed.look(turn);
  }

  async #storeEnd(turn: Turn, end: TurnEnd, announcement: Announcement): Promise<void> {
    const { fleet, journal } = this.#parts;
    if (!this.#claims.mayStart) {
      await journal.end(turn.id, end, announcement);
      return;
    }
    const next = await fleet.endAndClaim(turn.id, end, announcement, Date.now());
    if (next) this.#claims.runClaimed(next);
  }

  async #interruptElsewhere(turn: Turn, why: string): Promise<void> {
    const { fleet, open, runner } = this.#parts;
    // A turn that cannot be stored is dropped anyway.
    const isStored = await open.whenStored(turn).then(
      () => true,
      () => false,
    );
    if (!isStored || runner.interrupt(turn, why) || !this.#followed.has(turn)) return;
    if (turn.status === 'accepted') {
      this.#followed.remove(turn);
      // If it has started meanwhile, it is followed again.
      await runner.end(turn, turn.ending('interrupted', why));
    }
    if (!turn.isSettled) fleet.interrupt(turn.id, why);
  }

  #lookAtAll(): void {
    for (const turn of this.#followed.turns) void this.#followed.look(turn);
    void this.#claims.claim();
  }

  async #look(): Promise<void> {
    this.#claims.look();
    try {
      await this.#lookForEnds();
      await this.#stuck.look();
    } catch {
      // The journal reports its own problem.
    }
  }

  async #lookForEnds(): Promise<void> {
    const ids = this.#followed.ids;
    if (ids.length === 0) return;
    for (const id of await this.#parts.fleet.ended(ids)) {
      const turn = this.#parts.open.find(id);
      if (turn && this.#followed.has(turn)) void this.#followed.look(turn);
    }
  }
}

function endOf({ status, reply, problem, endedAt }: TurnRecord): TurnEnd {
  return { status: status as TurnEnd['status'], reply, problem, endedAt: endedAt ?? 0 };
}
