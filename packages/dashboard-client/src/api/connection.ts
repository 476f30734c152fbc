/** Where the dashboard is, and what it shall know us by. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** In place of `fetch`; it follows no redirection. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** What messages call the dashboard, where `url` is not the whole truth. */
  readonly name?: string | undefined;
}

/** @returns the headers with which a request says who it is. */
export function authorization({ token }: Connection): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** For messages. */
export function nameOf({ name, url }: Connection): string {
  return name ?? url;
}
