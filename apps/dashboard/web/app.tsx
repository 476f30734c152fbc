import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { forgetToken, rememberToken, takeToken } from './data/session.ts';
import { Console } from './parts/console.tsx';
import { Login } from './parts/login.tsx';

/** The login, or the console once there is a secret. */
export function App() {
  const queries = useQueryClient();
  const [token, setToken] = useState(takeToken);
  const [complaint, setComplaint] = useState<string | null>(null);

  useEffect(() => {
    const onHashChange = () => setToken(takeToken());
    window.addEventListener('hashchange', onHashChange);
    return () => window.removeEventListener('hashchange', onHashChange);
  }, []);

  const logIn = (secret: string) => {
    rememberToken(secret);
    setComplaint(null);
    setToken(secret);
  };
  const logOut = useCallback(
    (why: string | null) => {
      forgetToken();
      queries.clear();
      setComplaint(why);
      setToken(null);
    },
    [queries],
  );

  if (token === null) return <Login complaint={complaint} onSecret={logIn} />;
  return <Console key={token} token={token} onLogOut={logOut} />;
}
