import { useEffect, useRef } from 'react';
import { beginDrain, cancelDrain } from '../data/actions.ts';
import { isRestarting, isSupervised, type Profile } from '../model/profile.ts';
import { useAttempt } from './attempt.ts';
import { DrainDialog } from './drain-dialog.tsx';
import { useQuestion } from './question.ts';
import { RestartDialog } from './restart-dialog.tsx';
import { useIsLive, useSession } from './session.ts';

export interface ActionsProps {
  readonly profile: Profile;
  /** Whether actions are enabled; an open dialog stays open. */
  readonly isOffered: boolean;
  /** The button that was pressed is gone. */
  onLostFocus(): void;
}

/** The actions for a profile. */
export function Actions({ profile, isOffered, onLostFocus }: ActionsProps) {
  const { question, ask, close } = useQuestion<'drain' | 'restart'>();
  const hadFocus = useRef(false);
  const isLive = useIsLive();
  const hasMarker = profile.request !== null || profile.isDraining;
  const isSafeToRestart = profile.isSafe && isSupervised(profile);

  useEffect(() => {
    if (!hadFocus.current || document.activeElement !== document.body) return;
    hadFocus.current = false;
    onLostFocus();
  });

  const afterDialog = () => {
    close();
    // The event of a drain can be faster than the answer to its request: then the button is gone before the dialog is.
    if (document.activeElement === document.body) onLostFocus();
  };

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
          <button type="button" className="primary" disabled={!isLive} onClick={() => ask('drain')}>
            Drain…
          </button>
        )}
        {isSafeToRestart && <RestartButton profile={profile} isNext onAsk={() => ask('restart')} />}
        {hasMarker && <CancelButton profile={profile} />}
        {profile.isDraining && profile.request !== null && <ExtendButton profile={profile} />}
        {isSupervised(profile) && !isSafeToRestart && <RestartButton profile={profile} onAsk={() => ask('restart')} />}
      </fieldset>
      {isOffered && <Hint profile={profile} isLive={isLive} />}
      {question?.about === 'drain' && <DrainDialog key={question.number} profile={profile} onClosed={afterDialog} />}
      {question?.about === 'restart' && (
        <RestartDialog key={question.number} profile={profile} onClosed={afterDialog} />
      )}
    </>
  );
}

interface RestartButtonProps {
  readonly profile: Profile;
  /** Whether it is the next step. */
  readonly isNext?: boolean;
  onAsk(): void;
}

function RestartButton({ profile, isNext = false, onAsk }: RestartButtonProps) {
  const isLive = useIsLive();
  return (
    <button
      type="button"
      className={isNext ? 'primary' : undefined}
      disabled={!isLive || isRestarting(profile)}
      onClick={onAsk}
    >
      Restart…
    </button>
  );
}

/** Why an action is unavailable. */
function Hint({ profile, isLive }: { readonly profile: Profile; readonly isLive: boolean }) {
  const reasons = [
    isLive ? null : 'Nothing can be changed while the page is offline.',
    isRestarting(profile) ? 'A restart is in progress: another one can begin when it has ended.' : null,
    isSupervised(profile) ? null : 'No supervisor manages this gateway here: restart it where it runs.',
  ].filter((reason) => reason !== null);
  return reasons.length === 0 ? null : <p className="hint muted">{reasons.join(' ')}</p>;
}

function CancelButton({ profile }: { readonly profile: Profile }) {
  const { apiOf, tell } = useSession();
  const { attempt, isBusy, failure } = useAttempt();
  const isLive = useIsLive();
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
    <button type="button" disabled={isBusy || !isLive} onClick={cancel}>
      {profile.isDraining || profile.request?.verdict === 'announced' ? 'Cancel drain' : 'Remove request'}
    </button>
  );
}

/** Refreshes the drain in force, so that it expires later. */
function ExtendButton({ profile }: { readonly profile: Profile }) {
  const { apiOf, tell } = useSession();
  const { attempt, isBusy, failure } = useAttempt();
  const isLive = useIsLive();
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
    <button type="button" disabled={isBusy || !isLive} onClick={extend}>
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
