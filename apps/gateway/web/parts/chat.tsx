import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { linkTo, useAddressedSession } from '../data/address.ts';
import type { Api } from '../data/api.ts';
import { Conversations, newSession } from '../data/conversations.ts';
import { STATUS_KEY } from '../data/gateway-status.ts';
import { Sessions } from '../data/sessions.ts';
import { useStore } from '../data/use-store.ts';
import { useIsVisible } from '../data/visibility.ts';
import type { GatewayStatus } from '../model/wire.ts';
import { Header } from './header.tsx';
import { SessionList } from './session-list.tsx';
import { SessionView } from './session-view.tsx';

export interface ChatProps {
  readonly api: Api;
  readonly status: GatewayStatus | undefined;
  readonly hasKey: boolean;
  onLogOut(why: string | null): void;
}

/** The page of a person who may talk to the gateway. */
export function Chat({ api, status, hasKey, onLogOut }: ChatProps) {
  const queries = useQueryClient();
  const [sessions] = useState(() => new Sessions());
  const list = useStore(sessions.list);
  const addressed = useAddressedSession();
  const isVisible = useIsVisible();
  const [isListOpen, setListOpen] = useState(false);

  const conversations = useMemo(
    () =>
      new Conversations({
        api,
        onUnauthorized: () => onLogOut('The key is no longer accepted.'),
        onNotice: () => void queries.invalidateQueries({ queryKey: [STATUS_KEY] }),
      }),
    [api, onLogOut, queries],
  );
  useEffect(() => () => conversations.close(), [conversations]);

  useEffect(() => {
    if (addressed !== null) return;
    location.replace(linkTo(sessions.list.read()[0]?.id ?? newSession()));
  }, [addressed, sessions]);

  useEffect(() => {
    const onUnload = (event: Event) => {
      if (conversations.isSending) event.preventDefault();
    };
    window.addEventListener('beforeunload', onUnload);
    return () => window.removeEventListener('beforeunload', onUnload);
  }, [conversations]);

  const conversation = addressed === null ? null : conversations.of(addressed);
  useEffect(() => {
    if (conversation === null || !isVisible) return;
    conversation.resume();
    return () => conversation.pause();
  }, [conversation, isVisible]);

  const title = list.find(({ id }) => id === addressed)?.title || 'New chat';
  useEffect(() => {
    document.title = `${title} · Hermes`;
  }, [title]);

  if (conversation === null) return null;
  const close = () => setListOpen(false);
  const startNew = () => {
    location.hash = linkTo(newSession());
    close();
  };
  return (
    <div className="chat" data-list={isListOpen}>
      <button type="button" className="skip" onClick={focusMessage}>
        Skip to the message
      </button>
      <Header
        conversation={conversation}
        title={title}
        isListOpen={isListOpen}
        onList={() => setListOpen(!isListOpen)}
        onNew={startNew}
        onLogOut={hasKey ? () => onLogOut(null) : null}
      />
      <main className="body">
        <SessionList
          sessions={list}
          current={conversation.session}
          onPicked={close}
          onNew={startNew}
          onRemove={(id) => {
            sessions.remove(id);
            if (id === conversation.session) startNew();
          }}
        />
        <SessionView
          key={conversation.session}
          conversation={conversation}
          status={status}
          onSend={(text, pictures) => {
            sessions.use(conversation.session, text || 'Picture');
            conversation.send(text, pictures);
          }}
        />
      </main>
    </div>
  );
}

function focusMessage(): void {
  document.getElementById('message')?.focus();
}
