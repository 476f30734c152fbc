import { Modal } from '@hermes/web-kit';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { beginDrain, cancelDrain, type DrainWish } from '../data/actions.ts';
import { forEach } from '../data/each.ts';
import { count } from '../model/ages.ts';
import type { Profile } from '../model/profile.ts';
import { failureText } from './attempt.ts';
import { DrainForm } from './drain-form.tsx';
import { useIsLive, useSession } from './session.ts';

/** An action for several profiles, as they were when the dialog opened. */
export interface BulkTask {
  readonly kind: 'drain' | 'cancel';
  readonly profiles: readonly Profile[];
}

export interface BulkDialogProps {
  readonly task: BulkTask;
  onClosed(): void;
}

/** Asks for confirmation, runs the action for one profile after another, and lists the failures with their reasons. */
export function BulkDialog({ task, onClosed }: BulkDialogProps) {
  const { kind, profiles } = task;
  const { apiOf } = useSession();
  const queries = useQueryClient();
  const isLive = useIsLive();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, string | null> | null>(null);
  const isBusy = outcomes !== null && outcomes.size < profiles.length;
  const what = count(profiles.length, kind === 'drain' ? 'profile' : 'drain');

  const run = async (work: (profile: Profile) => Promise<unknown>) => {
    setOutcomes(new Map());
    await forEach(profiles, work, ({ name }, error) =>
      setOutcomes((before) => new Map(before).set(name, error === undefined ? null : failureText(error))),
    );
    void queries.invalidateQueries({ queryKey: ['audit'] });
  };
  const drain = (wish: DrainWish) => run((profile) => beginDrain(apiOf(profile.name), wish));
  const cancel = () => run((profile) => cancelDrain(apiOf(profile.name), profile));

  return (
    <Modal heading={kind === 'drain' ? `Drain ${what}` : `Cancel ${what}`} onClosed={onClosed}>
      {(close) => {
        if (outcomes !== null) return <Outcomes task={task} outcomes={outcomes} isBusy={isBusy} onClose={close} />;
        if (kind === 'drain') {
          return (
            <DrainForm isDisabled={!isLive} onSubmit={drain} onBack={close}>
              <Names profiles={profiles} />
            </DrainForm>
          );
        }
        return (
          <>
            <p className="muted">Their gateways accept messages again.</p>
            <Requests profiles={profiles} />
            <div className="buttons">
              <button type="button" onClick={close}>
                Back
              </button>
              <button type="button" className="primary" disabled={!isLive} onClick={cancel}>
                Cancel {what}
              </button>
            </div>
          </>
        );
      }}
    </Modal>
  );
}

function Names({ profiles }: { readonly profiles: readonly Profile[] }) {
  return <p className="results">{profiles.map(({ name }) => name).join(', ')}</p>;
}

/** Whose drains they are, and why: among several operators, some of them may be another's. */
function Requests({ profiles }: { readonly profiles: readonly Profile[] }) {
  return (
    <ul className="results">
      {profiles.map(({ name, request }) => (
        <li key={name}>
          <span>
            <b>{name}</b> by {request?.principal ?? 'an unknown principal'}
            {request?.reason && `: ${request.reason}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface OutcomesProps {
  readonly task: BulkTask;
  /** By profile: `null` for success, else the reason of the failure. */
  readonly outcomes: ReadonlyMap<string, string | null>;
  readonly isBusy: boolean;
  onClose(): void;
}

function Outcomes({ task: { kind, profiles }, outcomes, isBusy, onClose }: OutcomesProps) {
  const failures = [...outcomes].filter(([, failure]) => failure !== null);
  const done = kind === 'drain' ? 'requested' : 'cancelled';
  return (
    <>
      <progress max={profiles.length} value={outcomes.size} aria-label="Progress" />
      <p role="status">
        {outcomes.size - failures.length} of {profiles.length} {done}
        {failures.length > 0 && `, ${failures.length} failed`}
      </p>
      {failures.length > 0 && (
        <div className="results" role="alert">
          <ul>
            {failures.map(([name, failure]) => (
              <li key={name}>
                <b>{name}</b>: {failure}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="buttons">
        <button type="button" className="primary" disabled={isBusy} onClick={onClose}>
          Close
        </button>
      </div>
    </>
  );
}
