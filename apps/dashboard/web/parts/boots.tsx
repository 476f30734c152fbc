import { useQuery } from '@tanstack/react-query';
import type { Profile } from '../model/profile.ts';
import { decodeBoots } from '../model/records.ts';
import { When } from './facts.tsx';
import { useSession } from './session.ts';

const LIMIT = '6';

/** What the last boots of the container did about it. */
export function Boots({ profile }: { readonly profile: Profile }) {
  const { api } = useSession();
  const { name, startedAt } = profile;
  const { data, error } = useQuery({
    queryKey: ['boot-log', name, startedAt],
    queryFn: async ({ signal }) =>
      decodeBoots((await api.call('boot-log', { query: { profile: name, limit: LIMIT }, signal })).data),
    placeholderData: (before) => before,
  });
  return (
    <section className="card" aria-labelledby="boots-heading">
      <h3 id="boots-heading">Last boots</h3>
      {error && data === undefined && <p className="muted">Not available: {error.message}</p>}
      {data?.length === 0 && <p className="muted">None recorded.</p>}
      <ul className="events">
        {data?.map(({ key, at, priorState, action, reason }) => (
          <li key={key}>
            <span className="event-what">
              <b>{action}</b> {priorState && `after ${priorState}`}
            </span>
            {reason && <span className="event-why">{reason}</span>}
            {at !== null && <When at={at} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
