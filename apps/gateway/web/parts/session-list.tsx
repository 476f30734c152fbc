import { linkTo } from '../data/address.ts';
import type { ListedSession } from '../model/session-list.ts';

export interface SessionListProps {
  readonly sessions: readonly ListedSession[];
  readonly current: string;
  onPicked(): void;
  onNew(): void;
  onRemove(id: string): void;
}

/** The sessions that were opened in this browser, the last used first. */
export function SessionList({ sessions, current, onPicked, onNew, onRemove }: SessionListProps) {
  return (
    <nav id="sessions" className="sessions" aria-label="Chats in this browser">
      <button type="button" className="new" onClick={onNew}>
        New chat
      </button>
      <ul>
        {sessions.map(({ id, title }) => (
          <li key={id}>
            <a href={linkTo(id)} aria-current={id === current ? 'page' : undefined} title={id} onClick={onPicked}>
              {title || id}
            </a>
            <button
              type="button"
              className="quiet"
              aria-label={`Remove ${title || id} from this list`}
              title="Remove from this list"
              onClick={() => onRemove(id)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      {sessions.length === 0 && <p className="muted">Chats that you begin are listed here.</p>}
    </nav>
  );
}
