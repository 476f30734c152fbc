import { DashboardApi } from '@hermes/dashboard-client';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Live } from '../data/live.ts';
import { Fleet } from './fleet.tsx';
import { Header } from './header.tsx';
import { type Notice, type Session, SessionContext } from './session.ts';

const NOTICE_MS = 8_000;

export interface ConsoleProps {
  readonly token: string;
  /** `why` explains a logout that the user did not request. */
  onLogOut(why: string | null): void;
}

/** The page for an authenticated user. */
export function Console({ token, onLogOut }: ConsoleProps) {
  const [connection, setConnection] = useState<Pick<Session, 'apiOf' | 'live'> | null>(null);
  const [notice, setNotice] = useState<Notice | null>(null);
  const reject = useCallback(() => onLogOut('The secret was not accepted.'), [onLogOut]);

  useEffect(() => {
    // The page may be below a path of a reverse proxy.
    const connection = { url: new URL('.', document.baseURI).href.replace(/\/$/, ''), token };
    const live = new Live(connection);
    const retryNow = () => live.retryNow();
    const watch = () => live.read().link.state === 'unauthorized' && reject();
    const unsubscribe = live.subscribe(watch);
    const drop = () => live.drop();
    window.addEventListener('online', retryNow);
    window.addEventListener('offline', drop);
    document.addEventListener('visibilitychange', retryNow);
    setConnection({ apiOf: (profile) => new DashboardApi(connection, profile), live });
    void live.run();
    return () => {
      window.removeEventListener('online', retryNow);
      window.removeEventListener('offline', drop);
      document.removeEventListener('visibilitychange', retryNow);
      unsubscribe();
      live.close();
    };
  }, [token, reject]);

  useEffect(() => {
    if (notice?.tone !== 'good') return;
    const timer = setTimeout(() => setNotice(null), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);

  const session = useMemo(() => connection && { ...connection, tell: setNotice, reject }, [connection, reject]);
  if (session === null) return null;
  return (
    <SessionContext value={session}>
      <button type="button" className="skip" onClick={() => document.getElementById('detail')?.focus()}>
        Skip to the profile
      </button>
      <Header notice={notice} onDismiss={() => setNotice(null)} onLogOut={() => onLogOut(null)} />
      <Fleet />
    </SessionContext>
  );
}
