import { useQuery } from '@tanstack/react-query';
import type { Profile } from '../model/profile.ts';
import { type AuditRecord, decodeAudit } from '../model/records.ts';
import { When } from './facts.tsx';
import { useSession } from './session.ts';

const LIMIT = '12';
const ACTIONS: Readonly<Record<string, string>> = { drain: 'Drain', cancel: 'Cancel', restart: 'Restart' };

/** Who asked for what. */
export function History({ profile }: { readonly profile: Profile }) {
  const { api } = useSession();
  const { name, request, restart } = profile;
  const { data, error } = useQuery({
    // Asked again when something happened that leaves a trace there.
    queryKey: ['audit', name, request?.id, request?.requestedAt, restart?.since],
    queryFn: async ({ signal }) =>
      decodeAudit((await api.call('audit', { query: { profile: name, limit: LIMIT }, signal })).data),
    placeholderData: (before) => before,
    // What others do leaves its trace a moment later than it is seen.
    refetchInterval: 10_000,
  });
  return (
    <section className="card" aria-labelledby="history-heading">
      <h3 id="history-heading">Requests</h3>
      {error && data === undefined && <p className="muted">Not available: {error.message}</p>}
      {data?.length === 0 && <p className="muted">None yet.</p>}
      <ul className="events">
        {data?.map((record) => (
          <Row key={record.key} record={record} />
        ))}
      </ul>
    </section>
  );
}

function Row({ record }: { readonly record: AuditRecord }) {
  const { at, action, principal, reason, result, detail, count } = record;
  return (
    <li>
      <span className="event-what">
        <b>{ACTIONS[action] ?? action}</b> by {principal}
        {result !== 'ok' && <span className="pill tone-bad">{count > 1 ? `${result} ×${count}` : result}</span>}
      </span>
      {reason && <span className="event-why">{reason}</span>}
      {result !== 'ok' && detail && <span className="event-why">{detail}</span>}
      {at !== null && <When at={at} />}
    </li>
  );
}
