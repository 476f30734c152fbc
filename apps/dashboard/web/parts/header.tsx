import { Brand } from '@hermes/web-kit';
import { clock } from '../model/ages.ts';
import { type Notice, useLive, useSession } from './session.ts';

export interface HeaderProps {
  readonly notice: Notice | null;
  onDismiss(): void;
  onLogOut(): void;
}

export function Header({ notice, onDismiss, onLogOut }: HeaderProps) {
  return (
    <header className="top">
      <div className="bar">
        <Brand as="h1" />
        <Origin />
        <LinkState />
        <button type="button" className="quiet" onClick={onLogOut}>
          Log out
        </button>
      </div>
      <Trouble />
      <div role="status">{notice?.tone === 'good' && <Message notice={notice} onDismiss={onDismiss} />}</div>
      <div role="alert">{notice?.tone === 'bad' && <Message notice={notice} onDismiss={onDismiss} />}</div>
    </header>
  );
}

/** Which machine's gateways these are. */
function Origin() {
  const { origin } = useLive();
  if (origin === null) return null;
  return (
    <p className="origin muted" title={`Host ${origin.host}, home ${origin.home}`}>
      <b>{origin.host}</b> <code>{origin.home}</code>
    </p>
  );
}

function LinkState() {
  const { state } = useLive().link;
  const words = {
    connecting: 'Connecting',
    live: 'Live',
    lost: 'Offline',
    denied: 'No access',
    unauthorized: 'No access',
  };
  return (
    <p className="link" data-link={state}>
      <span className="dot" aria-hidden="true" />
      {words[state]}
    </p>
  );
}

/** Why the page is not up to date. */
function Trouble() {
  const { live } = useSession();
  const { link } = useLive();
  return (
    <div role="alert">
      {link.state === 'lost' && (
        <p className="notice tone-warn">
          <span>
            {link.shownAt === null
              ? 'Connection lost, nothing to show yet'
              : `Connection lost, showing ${clock(link.shownAt, link.shownAt)}`}
            {link.why && `: ${link.why}`}
          </span>
          <button type="button" className="quiet" onClick={() => live.retryNow()}>
            Try now
          </button>
        </p>
      )}
      {link.state === 'denied' && <p className="notice tone-bad">{link.why} Log in with one that has it.</p>}
    </div>
  );
}

function Message({ notice, onDismiss }: { readonly notice: Notice; onDismiss(): void }) {
  return (
    <p className={`notice tone-${notice.tone}`}>
      <span>{notice.text}</span>
      <button type="button" className="quiet" onClick={onDismiss}>
        Dismiss
      </button>
    </p>
  );
}
