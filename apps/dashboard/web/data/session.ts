const TOKEN_KEY = 'hermes-dashboard-token';

/** The secret of this tab, from the link that was followed or from before; `null` when there is none. */
export function takeToken(): string | null {
  const linked = new URLSearchParams(location.hash.slice(1)).get('token');
  if (linked !== null) {
    // Removed from the address and from the history before other code can read it.
    history.replaceState(null, '', location.pathname + location.search);
    sessionStorage.setItem(TOKEN_KEY, linked.trim());
  }
  return sessionStorage.getItem(TOKEN_KEY);
}

export function rememberToken(token: string): void {
  sessionStorage.setItem(TOKEN_KEY, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(TOKEN_KEY);
}
