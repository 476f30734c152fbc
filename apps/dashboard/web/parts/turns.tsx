import { duration } from '../model/ages.ts';
import type { Profile, Turn } from '../model/profile.ts';
import { useNow } from './now.ts';

/** The turns in flight, the oldest first. */
export function Turns({ profile }: { readonly profile: Profile }) {
  const { turns, work } = profile;
  const unlisted = (turns ?? 0) - work.length;
  return (
    <section className="card" aria-labelledby="turns-heading">
      <h3 id="turns-heading">Turns in flight</h3>
      {work.length === 0 && <p className="muted">{emptyText(turns)}</p>}
      <ul className="turns">
        {work.map((turn) => (
          <TurnRow key={turn.id} turn={turn} />
        ))}
      </ul>
      {work.length > 0 && unlisted > 0 && <p className="muted">and {unlisted} more</p>}
    </section>
  );
}

function TurnRow({ turn }: { readonly turn: Turn }) {
  const now = useNow();
  const { session, kind, startedAt, lastProgressAt, isStalled } = turn;
  return (
    <li data-stalled={isStalled}>
      <span className="turn-name">
        <b>{session}</b> {kind !== 'external' && <span className="muted">{kind}</span>}
        {isStalled && <span className="pill tone-warn">stalled</span>}
      </span>
      <span className="turn-ages">
        <b>{startedAt === null ? 'unknown' : duration(now - startedAt)}</b>
        {lastProgressAt !== null && <span className="muted">progress {duration(now - lastProgressAt)} ago</span>}
      </span>
    </li>
  );
}

function emptyText(turns: number | null): string {
  if (turns === null) return 'The gateway does not report how many.';
  return turns === 0 ? 'None.' : `${turns}; the gateway does not say which.`;
}
