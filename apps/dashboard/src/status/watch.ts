import { DRAIN_REQUEST_FILENAME, GATEWAY_STATE_FILENAME, type Profile } from '@hermes/drain-contract';
import { HomeWatch } from './home-watch.ts';
import { type ProfileStatus, readProfileStatus } from './read.ts';

/** The poll interval: it covers lost file events, and detects expired drains and missed heartbeats. */
const POLL_MS = 500;

const FILENAMES = [DRAIN_REQUEST_FILENAME, GATEWAY_STATE_FILENAME];

export type StatusListener = (status: ProfileStatus) => void;

/** Watches profiles for listeners: one watch a profile, only while it has a listener. */
export class ProfileWatches {
  readonly #watches = new Map<string, ProfileWatch>();

  /** Profiles that are being watched. */
  get size(): number {
    return this.#watches.size;
  }

  /** Calls `listener` with every look at the files of `profile`, never at once. @returns a function that unsubscribes. */
  subscribe(profile: Profile, listener: StatusListener): () => void {
    const watched = this.#watches.get(profile.home) ?? new ProfileWatch(profile);
    this.#watches.set(profile.home, watched);
    watched.listeners.add(listener);
    return () => {
      watched.listeners.delete(listener);
      if (watched.listeners.size > 0 || this.#watches.get(profile.home) !== watched) return;
      this.#watches.delete(profile.home);
      watched.close();
    };
  }
}

class ProfileWatch {
  readonly listeners = new Set<StatusListener>();
  readonly #profile: Profile;
  readonly #events: HomeWatch;
  readonly #poll: NodeJS.Timeout;

  constructor(profile: Profile) {
    this.#profile = profile;
    this.#events = new HomeWatch(profile.home, FILENAMES, () => this.#look());
    this.#poll = setInterval(() => this.#look(), POLL_MS).unref();
  }

  close(): void {
    this.#events.close();
    clearInterval(this.#poll);
  }

  #look(): void {
    const status = readProfileStatus(this.#profile);
    for (const listener of [...this.listeners]) listener(status);
  }
}
