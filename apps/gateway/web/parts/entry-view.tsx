import { memo } from 'react';
import type { Entry } from '../model/timeline.ts';
import { Answer } from './answer.tsx';
import { timeOfDay } from './time-of-day.ts';

export interface EntryViewProps {
  readonly entry: Entry;
  /** How many messages are answered before it. */
  readonly place: number;
  onStop(turnId: string): void;
  onSendAgain(key: string): void;
  onEdit(entry: Entry): void;
}

/** A message and its answer. */
export const EntryView = memo(function EntryView(props: EntryViewProps) {
  const { entry } = props;
  const { text, pictures, reply, at, isStart, state } = entry;
  return (
    <li className="entry" data-state={state} data-start={isStart}>
      <article className="said" aria-label="You">
        {pictures.length > 0 && (
          <div className="pictures">
            {pictures.map(({ name, url }) => (
              <img key={url} src={url} alt={name} />
            ))}
          </div>
        )}
        {text !== '' && <p className="text">{text}</p>}
      </article>
      <p className="fate muted">
        {at && <time dateTime={at}>{timeOfDay(at)}</time>}
        <Fate {...props} />
      </p>
      {reply !== '' && (
        <article className="answer" aria-label="Answer" aria-busy={state === 'running'}>
          <Answer text={reply} isWhole={state !== 'running'} />
        </article>
      )}
      <Outcome {...props} />
    </li>
  );
}, isSame);

/** Where the message is on its way. */
function Fate({ entry, place, onStop }: EntryViewProps) {
  const { state, problem, turnId, isHeld } = entry;
  if (state === 'sending') return <span>{problem === null ? 'Sending…' : `${problem} Trying again…`}</span>;
  if (state === 'running') return <Working words="Working" />;
  if (state !== 'waiting') return null;
  const words = isHeld && place === 0 ? 'Kept, answered after the drain' : waitingWords(place);
  return (
    <>
      {place === 0 && !isHeld ? <Working words="Working" /> : <span>{words}</span>}
      {place > 0 && turnId !== null && (
        <button type="button" className="quiet" onClick={() => onStop(turnId)}>
          Cancel
        </button>
      )}
    </>
  );
}

function waitingWords(place: number): string {
  return place === 1 ? 'In the queue, 1 message before it' : `In the queue, ${place} messages before it`;
}

function Working({ words }: { readonly words: string }) {
  return (
    <span className="working">
      {words}
      <span aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
    </span>
  );
}

/** Why there is no answer, and what the person can do. */
function Outcome({ entry, onSendAgain, onEdit }: EntryViewProps) {
  const { state, problem, key, reply } = entry;
  if (state === 'unsent') {
    return (
      <div className="notice tone-warn outcome">
        <span>Not sent. {problem}</span>
        <span className="choices">
          <button type="button" className="quiet" onClick={() => onSendAgain(key)}>
            Send again
          </button>
          <button type="button" className="quiet" onClick={() => onEdit(entry)}>
            Edit
          </button>
        </span>
      </div>
    );
  }
  if (state === 'failed') return <p className="notice tone-bad outcome">{problem ?? 'The task failed.'}</p>;
  if (state === 'interrupted')
    return <p className="notice tone-warn outcome">{problem ?? 'The task was interrupted.'}</p>;
  return state === 'done' && reply === '' ? <p className="muted">The answer is empty.</p> : null;
}

/** The functions only pass the entry on. */
function isSame(before: EntryViewProps, after: EntryViewProps): boolean {
  return before.entry === after.entry && before.place === after.place;
}
