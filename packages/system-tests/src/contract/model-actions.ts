import fc from 'fast-check';

/** One thing that happens to a machine, its gateway, or the marker. */
export type Action =
  | { readonly do: 'begin'; readonly quiet?: boolean; readonly maxAge?: number; readonly lead?: number }
  | { readonly do: 'cancel'; readonly only?: 'the held request' | 'another' }
  /** Someone else writes a marker: one of the reference system's, or bytes that are none. */
  | { readonly do: 'scribble'; readonly fields?: ForeignFields; readonly text?: string }
  | { readonly do: 'truncate'; readonly part: number }
  | { readonly do: 'obstruct'; readonly by: Obstacle }
  | { readonly do: 'restore' }
  | { readonly do: 'clock'; readonly by: number }
  /** The clock comes to the last instant of the marker, and some ms further. */
  | { readonly do: 'expire'; readonly past: number }
  /** The gateway starts again at once, in another boot if there is an epoch. */
  | { readonly do: 'restart'; readonly epoch?: string }
  | { readonly do: 'crash' }
  | { readonly do: 'shutdown' }
  | { readonly do: 'close' }
  | { readonly do: 'turn'; readonly kind: 'external' | 'internal' }
  | { readonly do: 'end turn'; readonly which: number };

export type Obstacle = 'directory' | 'symlink' | 'fifo' | 'forbidden';

export interface ForeignFields {
  readonly epoch: string;
  readonly dated: boolean;
  readonly quiet: readonly [value: unknown, truth: boolean];
}

/** @param obstacles what this user can put in the way. */
export function anyAction(dashboardEpoch: string, obstacles: readonly Obstacle[]): fc.Arbitrary<Action> {
  const epoch = fc.constantFrom('', 'boot:1', 'boot:2', dashboardEpoch);
  const fields = fc.record({
    epoch,
    dated: fc.boolean(),
    quiet: fc.constantFrom<ForeignFields['quiet'][]>([true, true], [0, false], ['no', true], [[], false], [{}, false]),
  });
  const text = fc.constantFrom('', '{"action":"dr', '[{}]', '\u0000', 'null', ' '.repeat(65_536));
  const begin = fc.record(
    { quiet: fc.boolean(), maxAge: fc.constantFrom(1, 60, 86_400), lead: fc.constantFrom(0, 30, 300) },
    { requiredKeys: [] },
  );
  const only = fc.constantFrom<(Action & { do: 'cancel' })['only'][]>(undefined, 'the held request', 'another');
  const jump = fc
    .constantFrom(1, 29_999, 30_000, 59_000, 3_600_000, 86_400_001)
    .chain((ms) => fc.constantFrom(ms, -ms));
  const one = <T extends Action>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
  return fc.oneof(
    one(
      8,
      begin.map((options) => ({ do: 'begin' as const, ...options })),
    ),
    one(
      4,
      only.map((which) => ({ do: 'cancel' as const, ...(which ? { only: which } : {}) })),
    ),
    one(
      2,
      fields.map((each) => ({ do: 'scribble' as const, fields: each })),
    ),
    one(
      1,
      text.map((each) => ({ do: 'scribble' as const, text: each })),
    ),
    one(
      1,
      fc.double({ min: 0, max: 0.99, noNaN: true }).map((part) => ({ do: 'truncate' as const, part })),
    ),
    one(
      1,
      fc.constantFrom(...obstacles).map((by) => ({ do: 'obstruct' as const, by })),
    ),
    one(1, fc.constant({ do: 'restore' as const })),
    one(
      3,
      jump.map((by) => ({ do: 'clock' as const, by })),
    ),
    one(
      2,
      fc.constantFrom(0, 1).map((past) => ({ do: 'expire' as const, past })),
    ),
    one(2, fc.constant({ do: 'restart' as const })),
    one(
      2,
      epoch.map((each) => ({ do: 'restart' as const, epoch: each })),
    ),
    one(1, fc.constant({ do: 'crash' as const })),
    one(1, fc.constant({ do: 'shutdown' as const })),
    one(1, fc.constant({ do: 'close' as const })),
    one(
      8,
      fc.constantFrom('external' as const, 'internal' as const).map((kind) => ({ do: 'turn' as const, kind })),
    ),
    one(
      7,
      fc.nat({ max: 3 }).map((which) => ({ do: 'end turn' as const, which })),
    ),
  );
}
