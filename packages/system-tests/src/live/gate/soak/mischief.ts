import type { Operator } from './operator.ts';

/** Something that an operator may do. */
export type Deed = Exclude<keyof Operator, 'drains' | 'overstays'>;

/** What leaves every process alive. */
const GENTLE: readonly Deed[] = ['drainAndCancel', 'drainAndCancel', 'drainAndForget', 'damageState', 'damageMarker'];

const ROUGH: readonly Deed[] = ['drainAndCrash', 'crash', 'drainAndRestart', 'restart', 'cutThePower', 'damageIntent'];

/** Ten crashes in a minute are a crash loop, which is left alone until somebody looks. */
const CRASHES_A_MINUTE = 6;

/** Draws what happens next. */
export class Mischief {
  readonly done = new Map<Deed, number>();
  readonly #random: () => number;
  #crashes: number[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  next(gentle: boolean): Deed {
    this.#crashes = this.#crashes.filter((at) => performance.now() - at < 60_000);
    const deeds = gentle ? GENTLE : [...GENTLE, ...ROUGH];
    const drawn = deeds[Math.floor(this.#random() * deeds.length)] ?? 'drainAndCancel';
    const isCrash = drawn === 'crash' || drawn === 'drainAndCrash';
    const deed = isCrash && this.#crashes.length >= CRASHES_A_MINUTE ? 'restart' : drawn;
    if (isCrash) this.#crashes.push(performance.now());
    this.done.set(deed, (this.done.get(deed) ?? 0) + 1);
    return deed;
  }
}
