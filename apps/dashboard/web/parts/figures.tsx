import { duration } from '../model/ages.ts';
import { type Profile, stalledTurns } from '../model/profile.ts';
import { useNow } from './now.ts';

/** The numbers of a profile. */
export function Figures({ profile }: { readonly profile: Profile }) {
  const now = useNow();
  const { turns, queued, refused, shared, startedAt } = profile;
  const stalled = stalledTurns(profile);
  return (
    <dl className="figures">
      <Figure name="Turns in flight" value={turns} note={stalled > 0 ? `${stalled} stalled` : null} />
      <Figure name="Queued" value={queued} note={queued === null ? 'unknown' : 'accepted, not started'} />
      <Figure name="Refused" value={refused} note={refused === null ? 'unknown' : 'in this drain'} />
      {shared && <Figure name="Other gateways" value={shared.others} note={`${shared.takers} start turns`} />}
      <Figure name="Uptime" value={startedAt === null ? null : duration(now - startedAt)} note={null} />
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: number | string | null;
  readonly note: string | null;
}

function Figure({ name, value, note }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? '–'}</dd>
      {note && <dd className="note">{note}</dd>}
    </div>
  );
}
