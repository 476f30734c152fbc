import { EventEmitter } from 'node:events';
import type { Profile } from '@hermes/drain-contract';
import { ClockJumps } from './clock-jumps.ts';
import { ProfileIndex } from './profile-index.ts';
import type { ProfileReader } from './read.ts';
import type { ProfileView } from './schemas.ts';
import { WatchedProfile } from './watched.ts';

/** The poll interval: it covers lost file events, and detects new profiles and expired times. */
const POLL_MS = 1_000;

/** Where a poll takes long, there are fewer: they take this part of the time, unless that would be too few. */
const POLL_SHARE = 0.05;
const SLOWEST_POLL_MS = 5_000;

/** The number of profiles per poll; with more profiles, each poll checks a part, so that a few polls cover all. */
const CHECKED_AT_POLL = { profiles: 40, part: 0.2 } as const;

/** One changed observation of a profile; `view` is `undefined` when the profile is gone. */
export interface ProfileChange {
  readonly name: string;
  readonly before: ProfileView | undefined;
  readonly view: ProfileView | undefined;
}

/** Watches every profile of the volume, once for all who want to know. */
export class VolumeWatch extends EventEmitter<{ change: [ProfileChange] }> {
  readonly #reader: ProfileReader;
  readonly #index: ProfileIndex;
  readonly #known = new Map<string, WatchedProfile>();
  readonly #due = new Set<string>();
  readonly #clock = new ClockJumps();
  #profiles: readonly Profile[] = [];
  #next = 0;
  #poll: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(reader: ProfileReader) {
    super();
    this.#reader = reader;
    this.#index = new ProfileIndex(reader);
  }

  /** Reads everything now, and again after each change. */
  start(): void {
    const began = performance.now();
    this.poll();
    const wait = Math.max(POLL_MS, (performance.now() - began) / POLL_SHARE);
    this.#poll = setTimeout(() => this.start(), Math.min(wait, SLOWEST_POLL_MS)).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#poll);
    for (const watched of this.#known.values()) watched.close();
    this.#known.clear();
  }

  /** Every profile as it was last seen, `default` first. */
  views(): ProfileView[] {
    return this.#profiles.flatMap(({ name }) => {
      const view = this.#known.get(name)?.view;
      return view ? this.#reader.upToDate(view) : [];
    });
  }

  /** Schedules a read of the profile after a change that is in no file. */
  touch(name: string): void {
    if (this.#isClosed || this.#due.size > 0) {
      this.#due.add(name);
      return;
    }
    this.#due.add(name);
    setImmediate(() => {
      const names = [...this.#due];
      this.#due.clear();
      for (const due of names) this.#look(due);
    });
  }

  /** Reads the profile now: changes are sent before this returns. */
  lookAt(name: string): void {
    if (this.#isClosed) return;
    if (this.#known.has(name)) this.#look(name);
    else this.poll();
  }

  /** Finds added and removed profiles, and reads profiles that may have changed without an event. */
  poll(): void {
    if (this.#isClosed) return;
    const profiles = this.#index.profiles();
    if (profiles !== this.#profiles) this.#replace(profiles);
    for (const profile of this.#turn()) {
      const found = this.#known.get(profile.name)?.check();
      if (found === 'replaced') this.#meet(profile);
      else if (found === 'changed') this.#look(profile.name);
    }
    const now = Date.now();
    // A drain that expired by a clock that was ahead may be in force again, without a change of a file.
    const hasJumped = this.#clock.hasJumped();
    for (const [name, { validUntil }] of this.#known) if (hasJumped || now > validUntil) this.#look(name);
  }

  #replace(profiles: readonly Profile[]): void {
    this.#profiles = profiles;
    const listed = new Set(profiles.map((profile) => profile.name));
    for (const name of [...this.#known.keys()]) if (!listed.has(name)) this.#forget(name);
    for (const profile of profiles) if (!this.#known.has(profile.name)) this.#meet(profile);
  }

  /** The profiles of this poll. */
  #turn(): Profile[] {
    const { length } = this.#profiles;
    const count = Math.min(length, Math.max(CHECKED_AT_POLL.profiles, Math.ceil(length * CHECKED_AT_POLL.part)));
    const from = this.#next % length;
    this.#next = (from + count) % length;
    return [
      ...this.#profiles.slice(from, from + count),
      ...this.#profiles.slice(0, Math.max(0, from + count - length)),
    ];
  }

  #meet(profile: Profile): void {
    const { name } = profile;
    const known = this.#known.get(name);
    known?.close();
    const watched = new WatchedProfile(profile, this.#reader, () => this.touch(name));
    this.#known.set(name, watched);
    this.emit('change', { name, before: known?.view, view: watched.view });
  }

  #forget(name: string): void {
    const known = this.#known.get(name);
    known?.close();
    this.#known.delete(name);
    this.emit('change', { name, before: known?.view, view: undefined });
  }

  #look(name: string): void {
    const known = this.#known.get(name);
    const before = known?.look();
    if (known && before) this.emit('change', { name, before, view: known.view });
  }
}
