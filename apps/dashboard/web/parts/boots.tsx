import { visibleText } from '@hermes/drain-contract';
import { useQuery } from '@tanstack/react-query';
import type { Profile } from '../model/profile.ts';
import { When } from './facts.tsx';
import { useSession } from './session.ts';

const LIMIT = 6;

/** The actions of the last boots for the profile. */
export function Boots({ profile }: { readonly profile: Profile }) {
  const { apiOf } = useSession();
  const { name, startedAt } = profile;
  const { data, error } = useQuery({
    queryKey: ['boot-log', name, startedAt],
    queryFn: ({ signal }) => apiOf(name).boots(signal, LIMIT),
    placeholderData: (before) => before,
  });
  return (
    <section className="card" aria-labelledby="boots-heading">
      <h3 id="boots-heading">Last boots</h3>
      {error && data === undefined && <p className="muted">Not available: {error.message}</p>}
      {data?.length === 0 && <p className="muted">None recorded.</p>}
      <ul className="events">
        {data?.map(({ at, prior_state, action, reason }) => (
          <li key={at}>
            <span className="event-what">
              <b>{visibleText(action)}</b> {prior_state && `after ${visibleText(prior_state)}`}
            </span>
            {reason && <span className="event-why">{visibleText(reason)}</span>}
            <When at={Date.parse(at)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
