import type { ReactNode } from 'react';
import { clock, distance, withZone } from '../model/ages.ts';
import { useNow } from './now.ts';

/** Names and values; unknown values are omitted. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return (
    <dl className="facts">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A time, and how long ago it was or how soon it will be. */
export function When({ at }: { readonly at: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={withZone(at)}>
      {clock(at, now)} <span className="muted">{distance(at, now)}</span>
    </time>
  );
}
