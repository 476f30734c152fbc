import { Brand } from '@hermes/web-kit';
import type { Conversation } from '../data/conversation.ts';
import { useStore } from '../data/use-store.ts';

export interface HeaderProps {
  readonly conversation: Conversation;
  readonly title: string;
  readonly isListOpen: boolean;
  onList(): void;
  onNew(): void;
  /** `null` if the gateway has no key. */
  readonly onLogOut: (() => void) | null;
}

const LINK = { connecting: 'Connecting', live: 'Live', lost: 'Offline' } as const;

export function Header({ conversation, title, isListOpen, onList, onNew, onLogOut }: HeaderProps) {
  const link = useStore(conversation.link);
  return (
    <header className="top">
      <div className="bar">
        <button
          type="button"
          className="quiet chats"
          aria-expanded={isListOpen}
          aria-controls="sessions"
          onClick={onList}
        >
          Chats
        </button>
        <Brand as="p" />
        <h1 className="title" title={conversation.session}>
          {title}
        </h1>
        <p className="link" data-link={link}>
          <span className="dot" aria-hidden="true" />
          {LINK[link]}
        </p>
        <button type="button" className="quiet new" onClick={onNew}>
          New<span className="wide"> chat</span>
        </button>
        {onLogOut && (
          <button type="button" className="quiet" onClick={onLogOut}>
            Log out
          </button>
        )}
      </div>
    </header>
  );
}
