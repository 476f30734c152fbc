/**
 * Maximum silence of an answer, in ms. Then its head and, if it is not streamed, white space are sent to prevent
 * timeouts: proxies time out after 60 s, and Node's clients after 300 s.
 */
export const SILENCE: Silence = { first: 40_000, next: 15_000 };

export interface Silence {
  readonly first: number;
  readonly next: number;
}
