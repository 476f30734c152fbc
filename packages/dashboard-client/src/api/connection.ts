/** The address of the dashboard and the credential. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** In place of `fetch`; it follows no redirection. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** The name of the dashboard in messages, if it is not `url`. */
  readonly name?: string | undefined;
}

/** @returns the headers that authenticate a request. */
export function authorization({ token }: Connection): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** For messages. */
export function nameOf({ name, url }: Connection): string {
  return name ?? url;
}
