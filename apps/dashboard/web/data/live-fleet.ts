import type { Snapshot } from '@hermes/dashboard-client';
import { visibleText } from '@hermes/drain-contract';
import { type Sample, SPAN_MS } from '../model/chart.ts';
import type { Profile } from '../model/profile.ts';
import { profileOf } from '../model/profile-of.ts';

export interface Fleet {
  /** The dashboard's machine and root home; `null` before the first event. */
  readonly origin: { readonly host: string; readonly home: string } | null;
  /** In the server's order; `null` before the first event. */
  readonly profiles: ReadonlyMap<string, Profile> | null;
  /** What to add to the clock of this machine to get the server's, in ms. */
  readonly clockOffset: number;
}

/** What is known of the profiles, and how many turns each had in flight. */
export class LiveFleet {
  readonly #samples = new Map<string, Sample[]>();
  #value: Fleet = { origin: null, profiles: null, clockOffset: 0 };

  get value(): Fleet {
    return this.#value;
  }

  samplesOf(name: string): readonly Sample[] {
    return this.#samples.get(name) ?? [];
  }

  replace({ now, host, home, profiles: views }: Snapshot): void {
    const clockOffset = Date.parse(now) - Date.now();
    const profiles = views.map(profileOf);
    const origin = { host: visibleText(host), home: visibleText(home) };
    this.#value = { origin, profiles: new Map(profiles.map((profile) => [profile.name, profile])), clockOffset };
    for (const name of this.#samples.keys()) if (!this.#value.profiles?.has(name)) this.#samples.delete(name);
    for (const profile of profiles) this.#sample(profile);
  }

  put(profile: Profile): void {
    const isNew = !this.#value.profiles?.has(profile.name);
    const profiles = new Map(this.#value.profiles).set(profile.name, profile);
    this.#value = { ...this.#value, profiles: isNew ? inOrder(profiles) : profiles };
    this.#sample(profile);
  }

  remove(name: string): void {
    const profiles = new Map(this.#value.profiles);
    profiles.delete(name);
    this.#samples.delete(name);
    this.#value = { ...this.#value, profiles };
  }

  #sample({ name, turns }: Profile): void {
    const samples = this.#samples.get(name) ?? [];
    this.#samples.set(name, samples);
    if (samples.length > 0 && samples.at(-1)?.[1] === turns) return;
    const now = Date.now() + this.#value.clockOffset;
    samples.push([now, turns]);
    // The last sample before the span gives the value at its beginning.
    while (samples[1] && samples[1][0] < now - SPAN_MS) samples.shift();
  }
}

/** The order of `GET /api/profiles`: `default` first. */
function inOrder(profiles: ReadonlyMap<string, Profile>): ReadonlyMap<string, Profile> {
  const rank = (name: string) => (name === 'default' ? '' : name);
  return new Map([...profiles].sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1)));
}
