import { isFailing } from '../model/channel.ts';
import type { ChannelHealth, Profile } from '../model/profile.ts';
import { Facts, When } from './facts.tsx';

/** How the channels of the gateway are doing; nothing if it has none. */
export function Channels({ profile }: { readonly profile: Profile }) {
  const { channels } = profile;
  if (channels.length === 0) return null;
  return (
    <section className="card" aria-labelledby="channels-heading">
      <h3 id="channels-heading">Channels</h3>
      <Facts facts={channels.map((channel) => [channel.name, <Health key={channel.name} channel={channel} />])} />
    </section>
  );
}

function Health({ channel }: { readonly channel: ChannelHealth }) {
  const { state, since, problem, waiting, givenUp } = channel;
  return (
    <>
      <span className={isFailing(channel) ? 'tone-warn' : undefined}>{state}</span> {since && <When at={since} />}
      {(waiting > 0 || givenUp > 0) && (
        <div className="muted">
          {waiting} to send, {givenUp} given up
        </div>
      )}
      {problem && <div>{problem}</div>}
    </>
  );
}
