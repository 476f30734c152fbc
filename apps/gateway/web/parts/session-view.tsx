import { useState } from 'react';
import type { Conversation } from '../data/conversation.ts';
import { useStore } from '../data/use-store.ts';
import { currentTurn } from '../model/timeline.ts';
import type { GatewayStatus, Picture } from '../model/wire.ts';
import { Banners } from './banners.tsx';
import { Composer, type Draft, NO_DRAFT } from './composer.tsx';
import { Messages } from './messages.tsx';

export interface SessionViewProps {
  readonly conversation: Conversation;
  readonly status: GatewayStatus | undefined;
  onSend(text: string, pictures: readonly Picture[]): void;
}

/** One session: what was said, and the field for the next message. */
export function SessionView({ conversation, status, onSend }: SessionViewProps) {
  const timeline = useStore(conversation.timeline);
  const [draft, setDraft] = useState<Draft>(NO_DRAFT);
  const turn = currentTurn(timeline);
  return (
    <section className="session" aria-label="Chat">
      <Banners conversation={conversation} status={status} />
      <Messages
        timeline={timeline}
        onLoadOlder={() => conversation.loadOlder()}
        onStop={(turnId) => void conversation.stop(turnId)}
        onSendAgain={(key) => conversation.sendAgain(key)}
        onEdit={({ key, text, pictures }) => {
          conversation.withdraw(key);
          setDraft({ text, pictures });
          document.getElementById('message')?.focus();
        }}
      />
      <Composer
        draft={draft}
        onDraft={setDraft}
        onSend={(text, pictures) => onSend(text, pictures)}
        onStop={turn === null ? null : () => void conversation.stop(turn)}
      />
    </section>
  );
}
