import { duration } from '../model/ages.ts';
import { isSupervised, type Profile, type Slot } from '../model/profile.ts';
import { Facts, When } from './facts.tsx';

/** The facts of the gateway and of its supervisor. */
export function GatewayFacts({ profile }: { readonly profile: Profile }) {
  const { slot, restart } = profile;
  return (
    <section className="card" aria-labelledby="gateway-heading">
      <h3 id="gateway-heading">Gateway</h3>
      <Facts
        facts={[
          ['Desired state', profile.desiredState ?? <span className="muted">not set</span>],
          ['Slot', slot && isSupervised(profile) ? slotText(slot) : <span className="muted">no supervisor</span>],
          ['Restart', restart && restartText(restart.state, restart.error)],
          ['Started', profile.startedAt && <When at={profile.startedAt} />],
          ['Last heartbeat', profile.heartbeatAt && <When at={profile.heartbeatAt} />],
          ['Version', profile.version],
          ['API', profile.endpoint && <code>{profile.endpoint}</code>],
          [
            'Grace period',
            profile.graceSeconds !== null && `${duration(profile.graceSeconds * 1000)} for turns in flight`,
          ],
        ]}
      />
    </section>
  );
}

function slotText({ state, isReady, pid, exitCode, signal }: Slot): string {
  const parts = [
    state,
    isReady ? 'ready' : null,
    pid === null ? null : `pid ${pid}`,
    exitCode === null ? null : `exit ${exitCode}`,
    signal,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function restartText(state: string, error: string | null): string {
  return error === null ? state : `${state}: ${error}`;
}
