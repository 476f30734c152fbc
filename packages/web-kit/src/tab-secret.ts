/** The secret with which a page speaks to its server. It belongs to one tab and is gone when the tab is closed. */
export class TabSecret {
  readonly #key: string;

  /** @param key its name in `sessionStorage`. */
  constructor(key: string) {
    this.#key = key;
  }

  /** From the fragment `#token=…` of the link that was followed, or from before; `null` when there is none. */
  take(): string | null {
    const linked = new URLSearchParams(location.hash.slice(1)).get('token');
    if (linked !== null) {
      // Removed from the address and from the history before other code can read it.
      history.replaceState(null, '', location.pathname + location.search);
      sessionStorage.setItem(this.#key, linked.trim());
    }
    return sessionStorage.getItem(this.#key);
  }

  remember(secret: string): void {
    sessionStorage.setItem(this.#key, secret);
  }

  forget(): void {
    sessionStorage.removeItem(this.#key);
  }
}
