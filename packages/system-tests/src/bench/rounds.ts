import type { Series } from './measurement.ts';

/** Something that can be measured: a call is one round, and returns its samples. */
export interface Contender {
  readonly name: string;
  round(): Promise<readonly number[]> | readonly number[];
}

/**
 * Measures contenders in turn, A B A B …, so that a machine that gets slower in between does so for all of them. The
 * order turns round each time: whoever comes second finds warm caches.
 * @param options.warmUp rounds whose samples are thrown away first.
 */
export async function inTurn<const C extends readonly Contender[]>(
  contenders: C,
  { rounds, warmUp = 1 }: { readonly rounds: number; readonly warmUp?: number },
): Promise<{ [K in keyof C]: Series }> {
  const kept = contenders.map(({ name }) => ({ name, rounds: [] as (readonly number[])[] }));
  for (let round = -warmUp; round < rounds; round++) {
    const order = contenders.map((_, index) => index);
    if (round % 2 !== 0) order.reverse();
    for (const index of order) {
      const samples = await contenders[index]?.round();
      if (round >= 0 && samples) kept[index]?.rounds.push(samples);
    }
  }
  return kept as { [K in keyof C]: Series };
}
