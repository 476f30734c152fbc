import { Login, TabSecret } from '@hermes/web-kit';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { Console } from './parts/console.tsx';

const SECRET = new TabSecret('hermes-dashboard-token');
const HINT = 'Paste the secret that the dashboard printed when it started, or one that you were given.';

/** The login, or the console once there is a secret. */
export function App() {
  const queries = useQueryClient();
  const [token, setToken] = useState(() => SECRET.take());
  const [complaint, setComplaint] = useState<string | null>(null);

  useEffect(() => {
    const onHashChange = () => setToken(SECRET.take());
    window.addEventListener('hashchange', onHashChange);
    return () => window.removeEventListener('hashchange', onHashChange);
  }, []);

  const logIn = (secret: string) => {
    SECRET.remember(secret);
    setComplaint(null);
    setToken(secret);
  };
  const logOut = useCallback(
    (why: string | null) => {
      SECRET.forget();
      queries.clear();
      setComplaint(why);
      setToken(null);
    },
    [queries],
  );

  if (token === null) return <Login hint={HINT} label="Secret" complaint={complaint} onSecret={logIn} />;
  return <Console key={token} token={token} onLogOut={logOut} />;
}
