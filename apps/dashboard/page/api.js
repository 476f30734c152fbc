const TOKEN_KEY = 'hermes-dashboard-token';
const TIMEOUT_MS = 5_000;

/** The server said no: `status` is the HTTP status, the message is for people. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The secret of this tab, from the link that was followed or from before; `null` when there is none. */
export function currentToken() {
  const linked = new URLSearchParams(location.hash.slice(1)).get('token');
  if (linked) {
    sessionStorage.setItem(TOKEN_KEY, linked);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(TOKEN_KEY);
}

export function rememberToken(token) {
  sessionStorage.setItem(TOKEN_KEY, token);
}

export function forgetToken() {
  sessionStorage.removeItem(TOKEN_KEY);
}

/**
 * Asks the API. `options` are those of `fetch`; `body` is sent as JSON. The answer comes with the server's clock (Unix
 * ms), because the clock of this machine may be another one. Throws ApiError, or what `fetch` throws.
 */
export async function callApi(path, { body, headers, ...options } = {}) {
  const response = await fetch(`api/${path}`, {
    ...options,
    headers: { ...headers, authorization: `Bearer ${currentToken()}` },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const data = await response.json();
  if (!response.ok) throw new ApiError(response.status, data.detail ?? data.title ?? response.statusText);
  return { data, now: Date.parse(response.headers.get('date') ?? '') || Date.now() };
}
