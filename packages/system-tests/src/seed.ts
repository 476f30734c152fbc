/** The seed of a random test: `HERMES_SEED` from the environment, to play a run again, else a new one. */
export function chooseSeed(): number {
  const given = Number.parseInt(process.env.HERMES_SEED ?? '', 10);
  return Number.isNaN(given) ? Math.floor(Math.random() * 2 ** 31) : given | 0;
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
