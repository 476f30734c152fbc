import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type Entry, isOpen, placeOf, type Timeline } from '../model/timeline.ts';
import { EntryView } from './entry-view.tsx';

/** How far from the end a person still counts as reading the newest message, in px. */
const NEAR_END = 120;

export interface MessagesProps {
  readonly timeline: Timeline;
  onLoadOlder(): Promise<void>;
  onStop(turnId: string): void;
  onSendAgain(key: string): void;
  onEdit(entry: Entry): void;
}

/** The messages of a session and their answers. It stays at the end while its reader is there. */
export function Messages({ timeline, onLoadOlder, onStop, onSendAgain, onEdit }: MessagesProps) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [isAway, setAway] = useState(false);
  const { entries, notices, before } = timeline;

  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });
  const onScroll = () => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = box.current ?? {};
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
    setAway(!isAtEnd.current);
  };
  // Whoever writes wants to see what becomes of it.
  const written = entries.at(-1)?.seq === null ? entries.at(-1)?.key : undefined;
  useLayoutEffect(() => {
    if (written !== undefined) isAtEnd.current = true;
  }, [written]);
  useLayoutEffect(() => {
    if (isAtEnd.current) toEnd();
  }, [timeline]);
  // Also when the last answer is laid out later, or the box gets smaller.
  useEffect(() => {
    const list = box.current?.firstElementChild;
    if (!box.current || !list) return;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
    });
    observer.observe(list);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  const loadOlder = async () => {
    const height = box.current?.scrollHeight ?? 0;
    isAtEnd.current = false;
    await onLoadOlder();
    requestAnimationFrame(() => box.current?.scrollBy({ top: box.current.scrollHeight - height }));
  };
  const noticesAfter = (key: string | null) =>
    notices
      .filter(({ after }) => after === key)
      .map((notice) => (
        <li key={notice.key} className="told muted">
          {notice.text}
        </li>
      ));

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
    <section className="messages" ref={box} onScroll={onScroll} aria-label="Messages" tabIndex={0}>
      <div className="column">
        {typeof before === 'number' && (
          <button type="button" className="quiet older" onClick={() => void loadOlder()}>
            Earlier messages
          </button>
        )}
        {before !== undefined && entries.length === 0 && notices.length === 0 && <Welcome />}
        <ol>
          {noticesAfter(null)}
          {entries.flatMap((entry) => [
            <EntryView
              key={entry.key}
              entry={entry}
              place={isOpen(entry) ? placeOf(timeline, entry.key) : 0}
              onStop={onStop}
              onSendAgain={onSendAgain}
              onEdit={onEdit}
            />,
            ...noticesAfter(entry.key),
          ])}
        </ol>
      </div>
      {isAway && (
        <button type="button" className="newest" onClick={toEnd}>
          Newest ↓
        </button>
      )}
      <Announcement last={entries.at(-1)} />
    </section>
  );
}

function Welcome() {
  return (
    <div className="welcome">
      <h2>What can I do for you?</h2>
      <p className="muted">Write a message below. /help lists the commands.</p>
    </div>
  );
}

/** What happens to the last message, for people who hear the page. A growing answer is not read out piece by piece. */
function Announcement({ last }: { readonly last: Entry | undefined }) {
  const said = last === undefined ? '' : SAID[last.state];
  return (
    <p className="unseen" role="status">
      {said}
    </p>
  );
}

const SAID: Record<Entry['state'], string> = {
  sending: '',
  unsent: 'Your message was not sent.',
  waiting: 'Your message waits for its answer.',
  running: 'The answer is being written.',
  done: 'The answer is complete.',
  failed: 'The task failed.',
  interrupted: 'The task was interrupted.',
};
