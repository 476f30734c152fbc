import type { AuditEntry } from '@hermes/dashboard-client';
import { visibleText } from '@hermes/drain-contract';
import { useQuery } from '@tanstack/react-query';
import type { Profile } from '../model/profile.ts';
import { When } from './facts.tsx';
import { useSession } from './session.ts';

const LIMIT = 12;
const ACTIONS: Readonly<Record<string, string>> = { drain: 'Drain', cancel: 'Cancel', restart: 'Restart' };

/** The audited requests. */
export function History({ profile }: { readonly profile: Profile }) {
  const { apiOf } = useSession();
  const { name, request, restart } = profile;
  const { data, error } = useQuery({
    // Fetched again after an event that adds an entry.
    queryKey: ['audit', name, request?.id, request?.requestedAt, restart?.since],
    queryFn: ({ signal }) => apiOf(name).audit(signal, { profile: name, limit: LIMIT }),
    placeholderData: (before) => before,
    // The entry of another client's request is written shortly after its event.
    refetchInterval: 10_000,
  });
  return (
    <section className="card" aria-labelledby="history-heading">
      <h3 id="history-heading">Requests</h3>
      {error && data === undefined && <p className="muted">Not available: {error.message}</p>}
      {data?.length === 0 && <p className="muted">None yet.</p>}
      <ul className="events">
        {data?.map((entry) => (
          <Row key={entry.seq} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

function Row({ entry }: { readonly entry: AuditEntry }) {
  const { at, action, principal, reason, result, detail, count = 1 } = entry;
  return (
    <li>
      <span className="event-what">
        <b>{ACTIONS[action] ?? action}</b> by {visibleText(principal)}
        {result !== 'ok' && <span className="pill tone-bad">{count > 1 ? `${result} ×${count}` : result}</span>}
      </span>
      {reason && <span className="event-why">{visibleText(reason)}</span>}
      {result !== 'ok' && detail && <span className="event-why">{visibleText(detail)}</span>}
      <When at={Date.parse(at)} />
    </li>
  );
}
