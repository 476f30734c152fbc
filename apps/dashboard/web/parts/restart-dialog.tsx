import { Modal } from '@hermes/web-kit';
import { useState } from 'react';
import { restart } from '../data/actions.ts';
import { count } from '../model/ages.ts';
import type { Profile } from '../model/profile.ts';
import { sentenceOf } from '../model/sentence.ts';
import { useAttempt } from './attempt.ts';
import { Failure } from './failure.tsx';
import { useNow } from './now.ts';
import { useIsLive, useSession } from './session.ts';

export interface RestartDialogProps {
  readonly profile: Profile;
  onClosed(): void;
}

/** Asks once when it is safe, and a second time before turns are interrupted. */
export function RestartDialog({ profile, onClosed }: RestartDialogProps) {
  const { apiOf, tell } = useSession();
  const { attempt, isBusy, failure } = useAttempt();
  const [isWarned, setWarned] = useState(false);
  const isLive = useIsLive();
  const now = useNow();
  const { isSafe, name } = profile;
  const isLast = isSafe || isWarned;

  const begin = (close: () => void) => async () => {
    const done = await attempt(async () => {
      await restart(apiOf(profile.name), !isSafe, profile.request?.reason ?? '');
      tell({ tone: 'good', text: `Restart of ${name} begun.` });
    });
    if (done) close();
  };

  return (
    <Modal heading={isLast && !isSafe ? `Really force a restart of ${name}?` : `Restart ${name}`} onClosed={onClosed}>
      {(close) => (
        <>
          <div aria-live="polite">
            {isSafe && <p>It is safe to stop: the gateway is drained and no turn is in flight.</p>}
            {!isSafe && !isWarned && (
              <>
                <p className="notice tone-warn">Not safe to stop: {sentenceOf(profile, now).text}.</p>
                <p className="muted">Drain it and wait until it is safe, or force the restart.</p>
              </>
            )}
            {!isSafe && isWarned && <p className="notice tone-bad">{lossText(profile)}</p>}
          </div>
          <Failure text={failure} />
          <div className="buttons">
            <button type="button" onClick={close}>
              Back
            </button>
            {isLast ? (
              <button
                key="restart"
                type="button"
                className={isSafe ? 'primary' : 'danger'}
                disabled={isBusy || !isLive}
                onClick={begin(close)}
              >
                {isSafe ? 'Restart' : 'Force the restart'}
              </button>
            ) : (
              <button key="warn" type="button" className="danger-outline" onClick={() => setWarned(true)}>
                Force…
              </button>
            )}
          </div>
        </>
      )}
    </Modal>
  );
}

function lossText({ turns, isRunning, graceSeconds }: Profile): string {
  if (!isRunning) return 'What it is doing is unknown: it sends no heartbeat.';
  const grace = graceSeconds === null ? 'its grace period' : `${graceSeconds} s`;
  if (turns === 0) return 'No turn is in flight, but new ones may start until it stops.';
  const what = turns === null ? 'Turns in flight' : count(turns, 'turn');
  return `${what} that ${turns === 1 ? 'has' : 'have'} not finished after ${grace} will be interrupted.`;
}
