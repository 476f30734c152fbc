import { count } from '../model/ages.ts';
import type { Profile } from '../model/profile.ts';
import { cancellable, drainable, progressOf } from '../model/selection.ts';
import { BulkDialog, type BulkTask } from './bulk-dialog.tsx';
import { useQuestion } from './question.ts';
import { useIsLive } from './session.ts';

export interface SelectionBarProps {
  /** Those that are selected. */
  readonly selected: readonly Profile[];
  onClear(): void;
}

/** The actions for several profiles, and the progress of their drains. */
export function SelectionBar({ selected, onClear }: SelectionBarProps) {
  const { question, ask, close } = useQuestion<BulkTask>();
  const isLive = useIsLive();
  const toDrain = drainable(selected);
  const toCancel = cancellable(selected);
  return (
    <section className="selection" aria-label="Selected profiles">
      <p role="status">
        <b>{selected.length} selected</b>: {progressOf(selected)}
      </p>
      <div>
        {toDrain.length > 0 && (
          <button type="button" disabled={!isLive} onClick={() => ask({ kind: 'drain', profiles: toDrain })}>
            Drain {count(toDrain.length, 'profile')}…
          </button>
        )}
        {toCancel.length > 0 && (
          <button type="button" disabled={!isLive} onClick={() => ask({ kind: 'cancel', profiles: toCancel })}>
            Cancel {count(toCancel.length, 'drain')}…
          </button>
        )}
        <button type="button" className="quiet" onClick={onClear}>
          Clear selection
        </button>
      </div>
      {question && <BulkDialog key={question.number} task={question.about} onClosed={close} />}
    </section>
  );
}
