import { type FormEvent, useState } from 'react';
import { beginDrain } from '../data/actions.ts';
import type { Profile } from '../model/profile.ts';
import { useAttempt } from './attempt.ts';
import { Failure } from './failure.tsx';
import { Modal } from './modal.tsx';
import { useSession } from './session.ts';

const AGES: readonly (readonly [seconds: number, text: string])[] = [
  [900, '15 minutes'],
  [3_600, '1 hour'],
  [14_400, '4 hours'],
  [43_200, '12 hours'],
  [86_400, '24 hours'],
];
const USUAL_AGE = 3_600;
const LONGEST_REASON = 500;

export interface DrainDialogProps {
  readonly profile: Profile;
  onClosed(): void;
}

export function DrainDialog({ profile, onClosed }: DrainDialogProps) {
  const { apiOf, tell } = useSession();
  const { attempt, isBusy, failure } = useAttempt();
  const [reason, setReason] = useState('');
  const [isQuiet, setQuiet] = useState(false);
  const [age, setAge] = useState(USUAL_AGE);

  const begin = () =>
    attempt(async () => {
      const isRunning = await beginDrain(apiOf(profile.name), { reason: reason.trim(), isQuiet, maxAgeSeconds: age });
      tell({
        tone: 'good',
        text: `Drain of ${profile.name} requested.${isRunning ? '' : ' The gateway is not running.'}`,
      });
    });

  return (
    <Modal heading={`Drain ${profile.name}`} onClosed={onClosed}>
      {(close) => (
        <form
          onSubmit={async (event: FormEvent) => {
            event.preventDefault();
            if (await begin()) close();
          }}
        >
          <p className="muted">New messages are refused at once, running turns finish. You can cancel at any time.</p>
          <label htmlFor="reason">Reason</label>
          <input
            id="reason"
            type="text"
            maxLength={LONGEST_REASON}
            placeholder="For the people who will wonder"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <label htmlFor="max-age">Lapses unless extended after</label>
          <select id="max-age" value={age} onChange={(event) => setAge(Number(event.target.value))}>
            {AGES.map(([seconds, text]) => (
              <option key={seconds} value={seconds}>
                {text}
              </option>
            ))}
          </select>
          <label className="check">
            <input id="quiet" type="checkbox" checked={isQuiet} onChange={(event) => setQuiet(event.target.checked)} />
            <span>
              Quiet <span className="muted">– home channels are not told about the shutdown</span>
            </span>
          </label>
          <Failure text={failure} />
          <div className="buttons">
            <button type="button" onClick={close}>
              Back
            </button>
            <button type="submit" className="primary" disabled={isBusy}>
              Drain
            </button>
          </div>
        </form>
      )}
    </Modal>
  );
}
