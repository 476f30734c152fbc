import { hasGatewayDied, type Profile } from '@hermes/drain-contract';
import { HomeWatch } from '../status/home-watch.ts';
import { type ProfileStatus, readProfileStatus } from '../status/read.ts';
import { validUntil } from '../status/valid-until.ts';
import { changeKeyOf, progressKeyOf } from './change-key.ts';
import type { ProfileReader } from './read.ts';
import type { ProfileView } from './schemas.ts';
import { type DirectorySignature, FILENAMES, signatureOfDirectory, signatureOfFiles } from './signature.ts';

/** At each so many checks the files are checked one by one: a file that is written in place leaves its directory as it is. */
const THOROUGH = 6;

/** Updates with only progress are sent at most this often: a turn that streams makes progress all the time. */
const PROGRESS_MS = 1_000;

/** The result of one read. */
interface Snapshot {
  readonly directory: DirectorySignature;
  readonly files: string;
  readonly status: ProfileStatus;
  readonly view: ProfileView;
  readonly validUntil: number;
}

/** A profile and its last view. */
export class WatchedProfile {
  readonly #profile: Profile;
  readonly #reader: ProfileReader;
  /** Stays with a directory that was moved away or removed. */
  readonly #watch: HomeWatch;
  #seen: Snapshot;
  #checks = 0;
  #changeKey: string;
  #progressKey: string;
  /** When the last change was sent, in ms of the monotonic clock: setting the clock back must not suppress changes. */
  #toldAt = performance.now();

  /** @param onEvent called when something in its home may have changed. */
  constructor(profile: Profile, reader: ProfileReader, onEvent: () => void) {
    this.#profile = profile;
    this.#reader = reader;
    this.#watch = new HomeWatch(profile.home, FILENAMES, onEvent);
    this.#seen = takeSnapshot(profile, reader);
    this.#changeKey = changeKeyOf(this.view);
    this.#progressKey = progressKeyOf(this.view);
  }

  get view(): ProfileView {
    return this.#seen.view;
  }

  /** Unix ms until which the view is valid if no file changes. */
  get validUntil(): number {
    return this.#seen.validUntil;
  }

  /** Whether something has changed without an event, or another directory stands in its place. */
  check(): 'unchanged' | 'changed' | 'replaced' {
    const { directory, files, status } = this.#seen;
    const { inode, changedAt } = signatureOfDirectory(this.#profile.home);
    if (inode !== directory.inode) return 'replaced';
    this.#checks += 1;
    const isSuspect = changedAt !== directory.changedAt || this.#watch.isBlind || this.#checks % THOROUGH === 0;
    this.#seen = { ...this.#seen, directory: { inode, changedAt } };
    if (isSuspect && signatureOfFiles(this.#profile.home) !== files) return 'changed';
    return status.gateway.live && hasGatewayDied(status.gateway) ? 'changed' : 'unchanged';
  }

  /** @returns the previous view, if the change must be sent. */
  look(): ProfileView | undefined {
    const before = this.view;
    this.#seen = keepKnown(takeSnapshot(this.#profile, this.#reader, before), before);
    const changeKey = changeKeyOf(this.view);
    const progressKey = progressKeyOf(this.view);
    const now = performance.now();
    const isNews =
      changeKey !== this.#changeKey || (progressKey !== this.#progressKey && now - this.#toldAt >= PROGRESS_MS);
    if (!isNews) return undefined;
    this.#changeKey = changeKey;
    this.#progressKey = progressKey;
    this.#toldAt = now;
    return before;
  }

  close(): void {
    this.#watch.close();
  }
}

/** Which drain was in force at a look. */
function identityOf({ request }: ProfileView): string | null {
  return request?.identity ?? null;
}

/** A failed read ends no drain: the last known values stay, except that it is not safe to stop. */
function keepKnown(seen: Snapshot, before: ProfileView): Snapshot {
  const { verdict, gateway } = seen.status;
  if (verdict.reason !== 'unavailable') return seen;
  const known = gateway.unavailable === undefined ? seen.view : before;
  return { ...seen, view: { ...known, draining: before.draining, request: before.request, safe_to_stop: false } };
}

function takeSnapshot(profile: Profile, reader: ProfileReader, before?: ProfileView): Snapshot {
  // Before the files are read: what changes meanwhile must look changed afterwards.
  const directory = signatureOfDirectory(profile.home);
  const files = signatureOfFiles(profile.home);
  const status = readProfileStatus(profile);
  return {
    directory,
    files,
    status,
    view: reader.view(profile, status, before && identityOf(before)),
    validUntil: validUntil(status),
  };
}
