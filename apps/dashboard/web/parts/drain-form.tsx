import { type FormEvent, type ReactNode, useState } from 'react';
import type { DrainWish } from '../data/actions.ts';

const AGES: readonly (readonly [seconds: number, text: string])[] = [
  [900, '15 minutes'],
  [3_600, '1 hour'],
  [14_400, '4 hours'],
  [43_200, '12 hours'],
  [86_400, '24 hours'],
];
const USUAL_AGE = 3_600;
const LONGEST_REASON = 500;

export interface DrainFormProps {
  /** Whether nothing can be begun now. */
  readonly isDisabled: boolean;
  onSubmit(wish: DrainWish): void;
  onBack(): void;
  /** Above the buttons. */
  readonly children?: ReactNode;
}

/** The options of a drain. */
export function DrainForm({ isDisabled, onSubmit, onBack, children }: DrainFormProps) {
  const [reason, setReason] = useState('');
  const [isQuiet, setQuiet] = useState(false);
  const [maxAgeSeconds, setMaxAge] = useState(USUAL_AGE);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ reason: reason.trim(), isQuiet, maxAgeSeconds });
  };
  return (
    <form onSubmit={submit}>
      <p className="muted">New messages are refused at once, running turns finish. You can cancel at any time.</p>
      <label htmlFor="reason">Reason</label>
      <input
        id="reason"
        type="text"
        maxLength={LONGEST_REASON}
        placeholder="Shown to other operators and in the audit"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <label htmlFor="max-age">Expires unless refreshed after</label>
      <select id="max-age" value={maxAgeSeconds} onChange={(event) => setMaxAge(Number(event.target.value))}>
        {AGES.map(([seconds, text]) => (
          <option key={seconds} value={seconds}>
            {text}
          </option>
        ))}
      </select>
      <label className="check">
        <input id="quiet" type="checkbox" checked={isQuiet} onChange={(event) => setQuiet(event.target.checked)} />
        <span>
          Quiet <span className="muted">– no shutdown notice to the home channels</span>
        </span>
      </label>
      {children}
      <div className="buttons">
        <button type="button" onClick={onBack}>
          Back
        </button>
        <button type="submit" className="primary" disabled={isDisabled}>
          Drain
        </button>
      </div>
    </form>
  );
}
