import { useEffect, useRef, useState } from 'react';
import { beginDrain, cancelDrain } from '../data/actions.ts';
import { isRestarting, isSupervised, type Profile } from '../model/profile.ts';
import { useAttempt } from './attempt.ts';
import { DrainDialog } from './drain-dialog.tsx';
import { RestartDialog } from './restart-dialog.tsx';
import { useSession } from './session.ts';

export interface ActionsProps {
  readonly profile: Profile;
  /** Whether anything can be begun here; a dialog that is open stays. */
  readonly isOffered: boolean;
  /** The button that was pressed is gone. */
  onLostFocus(): void;
}

/** A dialog that is open; each one is another, so that the end of the last does not close the next. */
interface Question {
  readonly about: 'drain' | 'restart';
  readonly number: number;
}

/** What can be done about a profile. */
export function Actions({ profile, isOffered, onLostFocus }: ActionsProps) {
  const [asking, setAsking] = useState<Question | null>(null);
  const hadFocus = useRef(false);
  const hasMarker = profile.request !== null || profile.isDraining;

  useEffect(() => {
    if (!hadFocus.current || document.activeElement !== document.body) return;
    hadFocus.current = false;
    onLostFocus();
  });

  // A dialog reports its end a moment after it is closed: by then the button may have been pressed again.
  const ask = (about: Question['about']) => setAsking((last) => ({ about, number: (last?.number ?? 0) + 1 }));
  const close = () => setAsking(null);

  return (
    <>
      <fieldset
        className="actions"
        hidden={!isOffered}
        onFocus={() => {
          hadFocus.current = true;
        }}
        onBlur={({ relatedTarget }) => {
          hadFocus.current = relatedTarget === null;
        }}
      >
        <legend className="unseen">Actions</legend>
        {!profile.isDraining && (
          <button type="button" className="primary" onClick={() => ask('drain')}>
            Drain…
          </button>
        )}
        {hasMarker && <CancelButton profile={profile} />}
        {profile.isDraining && profile.request !== null && <ExtendButton profile={profile} />}
        {isSupervised(profile) && (
          <button type="button" disabled={isRestarting(profile)} onClick={() => ask('restart')}>
            Restart…
          </button>
        )}
      </fieldset>
      {isOffered && !isSupervised(profile) && (
        <p className="hint muted">No supervisor looks after this gateway here: restart it where it runs.</p>
      )}
      {asking?.about === 'drain' && <DrainDialog key={asking.number} profile={profile} onClosed={close} />}
      {asking?.about === 'restart' && <RestartDialog key={asking.number} profile={profile} onClosed={close} />}
    </>
  );
}

function CancelButton({ profile }: { readonly profile: Profile }) {
  const { apiOf, tell } = useSession();
  const { attempt, isBusy, failure } = useAttempt();
  useToldFailure(failure);
  const cancel = () =>
    attempt(async () => {
      const wasDraining = await cancelDrain(apiOf(profile.name), profile);
      tell({
        tone: 'good',
        text: wasDraining
          ? `Drain of ${profile.name} cancelled.`
          : `No drain of ${profile.name} was in force; what was left is removed.`,
      });
    });
  return (
    <button type="button" className={profile.isDraining ? 'primary' : undefined} disabled={isBusy} onClick={cancel}>
      {profile.isDraining || profile.request?.verdict === 'announced' ? 'Cancel drain' : 'Remove request'}
    </button>
  );
}

/** Asks again for what is in force, so that it lapses later. */
function ExtendButton({ profile }: { readonly profile: Profile }) {
  const { apiOf, tell } = useSession();
  const { attempt, isBusy, failure } = useAttempt();
  useToldFailure(failure);
  const { request } = profile;
  const extend = () =>
    attempt(async () => {
      const isBounded = request?.expiresAt != null && request.requestedAt !== null;
      const maxAgeSeconds = isBounded ? Math.round((request.expiresAt - request.requestedAt) / 1000) : null;
      await beginDrain(apiOf(profile.name), {
        // The one that is stored stays.
        reason: '',
        isQuiet: request?.isQuiet ?? false,
        maxAgeSeconds,
      });
      tell({ tone: 'good', text: `Drain of ${profile.name} extended.` });
    });
  return (
    <button type="button" disabled={isBusy} onClick={extend}>
      Extend
    </button>
  );
}

function useToldFailure(failure: string | null) {
  const { tell } = useSession();
  useEffect(() => {
    if (failure !== null) tell({ tone: 'bad', text: failure });
  }, [failure, tell]);
}
