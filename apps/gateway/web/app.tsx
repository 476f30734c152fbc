import { Login, TabSecret } from '@hermes/web-kit';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Api } from './data/api.ts';
import { useGatewayStatus } from './data/gateway-status.ts';
import { Chat } from './parts/chat.tsx';
import { Connecting } from './parts/connecting.tsx';

const SECRET = new TabSecret('hermes-gateway-key');
const HINT = 'Paste the API key of this gateway: API_SERVER_KEY, or api_server.key in its config.yaml.';

/** The login if the gateway has a key, and then the chat. */
export function App() {
  const queries = useQueryClient();
  const [key, setKey] = useState(() => SECRET.take());
  const [complaint, setComplaint] = useState<string | null>(null);
  const api = useMemo(() => new Api(document.baseURI, key), [key]);
  const { status, failure, isFirst } = useGatewayStatus(api, key);

  useEffect(() => {
    const onHashChange = () => setKey(SECRET.take());
    window.addEventListener('hashchange', onHashChange);
    return () => window.removeEventListener('hashchange', onHashChange);
  }, []);

  const logIn = (secret: string) => {
    SECRET.remember(secret);
    setComplaint(null);
    setKey(secret);
  };
  const logOut = useCallback(
    (why: string | null) => {
      SECRET.forget();
      queries.clear();
      setComplaint(why);
      setKey(null);
    },
    [queries],
  );

  const isUnauthorized = failure?.failure.kind === 'unauthorized';
  const isRejected = isUnauthorized && key !== null;
  const rejection = failure?.failure.text ?? null;
  useEffect(() => {
    if (isRejected) logOut(rejection);
  }, [isRejected, rejection, logOut]);

  if (isUnauthorized) return <Login hint={HINT} label="API key" complaint={complaint} onSecret={logIn} />;
  if (isFirst) return <Connecting problem={failure?.failure.text ?? null} />;
  return <Chat key={key} api={api} status={status} hasKey={key !== null} onLogOut={logOut} />;
}
