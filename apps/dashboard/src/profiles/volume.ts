import { EventEmitter } from 'node:events';
import { type FSWatcher, lstatSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import {
  DESIRED_STATE_FILENAME,
  DRAIN_REQUEST_FILENAME,
  GATEWAY_STATE_FILENAME,
  type Profile,
} from '@hermes/drain-contract';
import { essenceOf, progressOf } from './essence.ts';
import type { ProfileReader } from './read.ts';
import type { ProfileView } from './schemas.ts';

/** The safety net under the file events, and what notices new profiles and the passing of time. */
const POLL_MS = 1_000;

/** A volume with very many profiles is polled less often, so that polls take no more than this part of the time. */
const POLL_SHARE = 0.05;

/** So many profiles are read at each poll, whether their files changed or not, so that the cost has a bound. */
const READ_AT_POLL = 40;

/** Progress alone is told at most this often: a turn that streams makes it all the time. */
const PROGRESS_MS = 1_000;

const FILENAMES = [DRAIN_REQUEST_FILENAME, GATEWAY_STATE_FILENAME, DESIRED_STATE_FILENAME] as const;
const WATCHED: ReadonlySet<string | null> = new Set(FILENAMES);

/** One look at a profile that told something new; `view` is `undefined` when the profile is gone. */
export interface ProfileChange {
  readonly name: string;
  readonly before: ProfileView | undefined;
  readonly view: ProfileView | undefined;
}

interface Known {
  readonly profile: Profile;
  readonly events: FSWatcher | undefined;
  /** Of the home: a watch stays with a directory that was moved away or removed. */
  readonly inode: number;
  signature: string;
  view: ProfileView;
  essence: string;
  progress: string;
  /** Unix ms of the last change that was told. */
  toldAt: number;
}

/** Watches every profile of the volume, once for all who want to know. */
export class VolumeWatch extends EventEmitter<{ change: [ProfileChange] }> {
  readonly #reader: ProfileReader;
  readonly #known = new Map<string, Known>();
  readonly #due = new Set<string>();
  #order: readonly string[] = [];
  #next = 0;
  #poll: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(reader: ProfileReader) {
    super();
    this.#reader = reader;
  }

  /** Looks at everything now, and from then on whenever something changes. */
  start(): void {
    const began = performance.now();
    this.poll();
    const wait = Math.max(POLL_MS, (performance.now() - began) / POLL_SHARE);
    this.#poll = setTimeout(() => this.start(), wait).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#poll);
    for (const { events } of this.#known.values()) events?.close();
    this.#known.clear();
  }

  /** Every profile as it was last seen, `default` first. */
  views(): ProfileView[] {
    return this.#order.flatMap((name) => this.#known.get(name)?.view ?? []);
  }

  /** Looks at the profile soon: something about it has changed that no file tells. */
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

  /** Finds what is new and what is gone, and looks at what may have changed without an event. */
  poll(): void {
    if (this.#isClosed) return;
    const profiles = this.#reader.list();
    this.#order = profiles.map((profile) => profile.name);
    const listed = new Set(this.#order);
    for (const name of [...this.#known.keys()]) if (!listed.has(name)) this.#forget(name);
    const turn = this.#turn();
    for (const profile of profiles) {
      const known = this.#known.get(profile.name);
      if (known?.inode !== inodeOf(profile.home)) this.#meet(profile, known);
      else if (turn.has(profile.name) || known.signature !== signatureOf(profile)) this.#look(profile.name);
    }
  }

  /** The names whose turn it is to be read. */
  #turn(): Set<string> {
    const names = this.#order.length;
    const turn = new Set<string>();
    for (let count = 0; count < Math.min(READ_AT_POLL, names); count += 1) {
      turn.add(this.#order[(this.#next + count) % names] ?? '');
    }
    this.#next = (this.#next + READ_AT_POLL) % Math.max(names, 1);
    return turn;
  }

  #meet(profile: Profile, before: Known | undefined): void {
    before?.events?.close();
    const inode = inodeOf(profile.home);
    const events = watchDirectory(profile.home, () => this.touch(profile.name));
    const signature = signatureOf(profile);
    const view = this.#reader.read(profile);
    const told = { essence: essenceOf(view), progress: progressOf(view), toldAt: Date.now() };
    this.#known.set(profile.name, { profile, events, inode, signature, view, ...told });
    this.emit('change', { name: profile.name, before: before?.view, view });
  }

  #forget(name: string): void {
    const known = this.#known.get(name);
    known?.events?.close();
    this.#known.delete(name);
    this.emit('change', { name, before: known?.view, view: undefined });
  }

  #look(name: string): void {
    const known = this.#known.get(name);
    if (known === undefined) return;
    known.signature = signatureOf(known.profile);
    const view = this.#reader.read(known.profile);
    const before = known.view;
    known.view = view;
    const essence = essenceOf(view);
    const progress = progressOf(view);
    const now = Date.now();
    const isNews = essence !== known.essence || (progress !== known.progress && now - known.toldAt >= PROGRESS_MS);
    if (!isNews) return;
    Object.assign(known, { essence, progress, toldAt: now });
    this.emit('change', { name, before, view });
  }
}

function inodeOf(home: string): number {
  try {
    return statSync(home).ino;
  } catch {
    return 0;
  }
}

/** Changes whenever one of the files does. */
function signatureOf({ home }: Profile): string {
  return FILENAMES.map((filename) => {
    try {
      const stat = lstatSync(join(home, filename), { throwIfNoEntry: false });
      return stat ? `${stat.ino}/${stat.size}/${stat.mtimeMs}` : '';
    } catch {
      return '?';
    }
  }).join();
}

/** `undefined` when the system has no watch to give; the poll then has to do. */
function watchDirectory(home: string, onChange: () => void): FSWatcher | undefined {
  try {
    const events = watch(home, { persistent: false }, (_event, filename) => {
      if (WATCHED.has(filename)) onChange();
    });
    return events.on('error', () => events.close());
  } catch {
    return undefined;
  }
}
