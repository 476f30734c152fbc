import { useQuery } from '@tanstack/react-query';
import { chartOf, HEIGHT, joinSamples, positionOf, type Sample, WIDTH } from '../model/chart.ts';
import type { Profile } from '../model/profile.ts';
import { useNow } from './now.ts';
import { useSession } from './session.ts';

const NONE: readonly Sample[] = [];

/** Turns in flight over the last ten minutes: what the server saw, and what this page saw since. */
export function InFlight({ profile }: { readonly profile: Profile }) {
  const { apiOf, live } = useSession();
  const now = useNow();
  const { name, request } = profile;
  const { data: recorded = NONE } = useQuery({
    queryKey: ['in-flight', name],
    queryFn: ({ signal }) => apiOf(name).inFlight(signal),
    // After that, the page records its own samples.
    staleTime: 60_000,
    refetchInterval: 60_000,
  });
  const chart = chartOf(joinSamples(recorded, live.samplesOf(name)), now);
  const drainAt = request?.isActive && request.requestedAt !== null ? positionOf(request.requestedAt, now) : null;
  const summary = `Turns in flight over the last 10 minutes: now ${profile.turns ?? 'unknown'}, peak ${chart.peak ?? 'unknown'}`;
  return (
    <section className="card chart-card" aria-labelledby="chart-heading">
      <div className="card-head">
        <h3 id="chart-heading">Last 10 minutes</h3>
        <p className="muted">{chart.peak === null ? 'no data yet' : `peak ${chart.peak}`}</p>
      </div>
      <div className="chart">
        <div className="chart-y" aria-hidden="true">
          <span>{chart.top}</span>
          <span>{chart.top / 2}</span>
          <span>0</span>
        </div>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={summary}>
          <path className="grid" d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`} />
          <path className="area" d={chart.area} />
          <path className="line" d={chart.line} />
          {drainAt !== null && <path className="drain-mark" d={`M${drainAt} 0V${HEIGHT}`} />}
        </svg>
        <div className="chart-x" aria-hidden="true">
          <span>−10 min</span>
          <span>−5 min</span>
          <span>now</span>
        </div>
      </div>
      {drainAt !== null && (
        <p className="chart-key muted">
          <span aria-hidden="true" /> drain requested
        </p>
      )}
    </section>
  );
}
