import { Modal } from '@hermes/web-kit';
import { beginDrain, type DrainWish } from '../data/actions.ts';
import type { Profile } from '../model/profile.ts';
import { useAttempt } from './attempt.ts';
import { DrainForm } from './drain-form.tsx';
import { Failure } from './failure.tsx';
import { useIsLive, useSession } from './session.ts';

export interface DrainDialogProps {
  readonly profile: Profile;
  onClosed(): void;
}

export function DrainDialog({ profile, onClosed }: DrainDialogProps) {
  const { apiOf, tell } = useSession();
  const { attempt, isBusy, failure } = useAttempt();
  const isLive = useIsLive();

  const begin = (wish: DrainWish) =>
    attempt(async () => {
      const isRunning = await beginDrain(apiOf(profile.name), wish);
      const text = `Drain of ${profile.name} requested.${isRunning ? '' : ' The gateway is not running.'}`;
      tell({ tone: 'good', text });
    });

  return (
    <Modal heading={`Drain ${profile.name}`} onClosed={onClosed}>
      {(close) => (
        <DrainForm
          isDisabled={isBusy || !isLive}
          onSubmit={async (wish) => {
            if (await begin(wish)) close();
          }}
          onBack={close}
        >
          <Failure text={failure} />
        </DrainForm>
      )}
    </Modal>
  );
}
