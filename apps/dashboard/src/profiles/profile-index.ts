import { type Profile, profilesDirectory } from '@hermes/drain-contract';
import type { ProfileReader } from './read.ts';
import { signatureOfDirectory } from './signature.ts';

/** What makes a directory a profile may come into it this much later, in ms. */
const SETTLING_MS = 5_000;

/** The interval after which a removed profile is noticed, in ms. */
const RELIST_MS = 30_000;

/** Which profiles there are: listed again when some may have come or gone, for each costs a look at the volume. */
export class ProfileIndex {
  readonly #reader: ProfileReader;
  readonly #directory: string;
  #profiles: readonly Profile[] = [];
  #changedAt = Number.NaN;
  #settledAt = 0;
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(reader: ProfileReader) {
    this.#reader = reader;
    this.#directory = profilesDirectory({ home: reader.home });
  }

  /** Every profile, `default` first: the same array as before if it was not read again. Never throws. */
  profiles(): readonly Profile[] {
    const now = performance.now();
    const { changedAt } = signatureOfDirectory(this.#directory);
    if (changedAt !== this.#changedAt) this.#settledAt = now + SETTLING_MS;
    if (now < this.#settledAt || now - this.#listedAt >= RELIST_MS) {
      this.#profiles = this.#reader.list();
      this.#listedAt = now;
    }
    this.#changedAt = changedAt;
    return this.#profiles;
  }
}
