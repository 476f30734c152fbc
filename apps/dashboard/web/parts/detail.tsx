import { useEffect, useRef } from 'react';
import { clock } from '../model/ages.ts';
import { toneOf } from '../model/fleet.ts';
import type { Profile } from '../model/profile.ts';
import { sentenceOf, stateWord } from '../model/sentence.ts';
import { Actions } from './actions.tsx';
import { Boots } from './boots.tsx';
import { Channels } from './channels.tsx';
import { DrainFacts } from './drain-facts.tsx';
import { Figures } from './figures.tsx';
import { GatewayFacts } from './gateway-facts.tsx';
import { History } from './history.tsx';
import { Icon } from './icon.tsx';
import { InFlight } from './in-flight.tsx';
import { useNow } from './now.ts';
import { useLive } from './session.ts';
import { Turns } from './turns.tsx';

export interface DetailProps {
  readonly profile: Profile;
  /** There is no list to go back to. */
  readonly isAlone: boolean;
  /** Whether the user selected it; otherwise it is the first of the list. */
  readonly isPicked: boolean;
  /** Whether the filter leaves it in the list. */
  readonly isListed: boolean;
  onShowAll(): void;
}

/** Everything about one profile. */
export function Detail({ profile, isAlone, isPicked, isListed, onShowAll }: DetailProps) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    // Where the list made room for the profile, its focused link is hidden now.
    const wasHidden = document.activeElement?.checkVisibility() === false || document.activeElement === document.body;
    if (isPicked && wasHidden) heading.current?.focus();
  }, [isPicked]);

  return (
    <article>
      {!isAlone && (
        <a className="back" href="#all">
          ‹ All profiles
        </a>
      )}
      <div className="detail-head">
        <h2 id="detail-heading" ref={heading} tabIndex={-1}>
          {profile.name}
        </h2>
        <span id="state" className={`pill tone-${toneOf(profile)}`}>
          {stateWord(profile)}
        </span>
      </div>
      <Verdict profile={profile} />
      {!isListed && (
        <p className="notice tone-warn">
          <span>The filter hides {profile.name}: select a profile in the list to act on it.</span>
          <button type="button" className="quiet" onClick={onShowAll}>
            Clear the filter
          </button>
        </p>
      )}
      <Actions
        profile={profile}
        isOffered={isListed}
        onLostFocus={() => heading.current?.focus({ preventScroll: true })}
      />
      <Figures profile={profile} />
      <div className="columns">
        <div>
          <InFlight profile={profile} />
          <Turns profile={profile} />
          <DrainFacts profile={profile} />
        </div>
        <div>
          <GatewayFacts profile={profile} />
          <Channels profile={profile} />
          <History profile={profile} />
          <Boots profile={profile} />
        </div>
      </div>
    </article>
  );
}

/** The sentence. Data from before a lost connection must not look current. */
function Verdict({ profile }: { readonly profile: Profile }) {
  const { link } = useLive();
  const now = useNow();
  const { tone, text } = sentenceOf(profile, now);
  const shownAt = link.state === 'lost' ? link.shownAt : null;
  const shownTone = shownAt === null ? tone : 'calm';
  return (
    <p className={`verdict tone-${shownTone}`}>
      <Icon tone={shownTone} />
      <span>
        {shownAt !== null && <small>At {clock(shownAt, shownAt)}, before the connection was lost</small>}
        {text}
      </span>
    </p>
  );
}
