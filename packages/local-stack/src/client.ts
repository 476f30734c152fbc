const REQUEST_TIMEOUT_MS = 60_000;

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A gateway and its dashboard as a chatting person and an operator see them: over HTTP, and nothing else. */
export class StackClient {
  readonly #gateway: string;
  readonly #dashboard: string;
  readonly #token: string;

  /** @param gateway base URL. @param dashboardLink as the dashboard prints it, with its token. */
  constructor(gateway: string, dashboardLink: string) {
    const link = new URL(dashboardLink);
    this.#gateway = gateway;
    this.#dashboard = link.origin;
    this.#token = new URLSearchParams(link.hash.slice(1)).get('token') ?? '';
  }

  /** Sends a message and waits for the reply. */
  say(session: string, text: string): Promise<Answer> {
    return request(`${this.#gateway}/v1/messages`, { method: 'POST', body: JSON.stringify({ session, text }) });
  }

  /** Sends a message that is answered later. */
  sayLater(session: string, text: string): Promise<Answer> {
    const body = JSON.stringify({ session, text });
    return request(`${this.#gateway}/v1/messages`, { method: 'POST', body, headers: { prefer: 'respond-async' } });
  }

  turn(id: unknown): Promise<Answer> {
    return request(`${this.#gateway}/v1/turns/${id}`, {});
  }

  ready(): Promise<Answer> {
    return request(`${this.#gateway}/readyz`, {});
  }

  beginDrain(body: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#operate('/api/gateway/drain', { method: 'POST', body: JSON.stringify(body), headers });
  }

  cancelDrain(headers: Record<string, string> = {}): Promise<Answer> {
    return this.#operate('/api/gateway/drain', { method: 'DELETE', headers });
  }

  /** Whether the audit is unchanged. */
  verifyAudit(): Promise<Answer> {
    return this.#operate('/api/audit/verify', {});
  }

  status(): Promise<Answer> {
    return this.#operate('/api/status', {});
  }

  /** One row of the list of profiles. */
  async profile(name: string): Promise<Answer['body']> {
    const { body } = await this.#operate('/api/profiles', {});
    const found = (body['profiles'] as Answer['body'][]).find((profile) => profile['name'] === name);
    if (found === undefined) throw new Error(`expected a profile ${name}`);
    return found;
  }

  /** Waits until it is safe to stop, or the drain has ended, at most `seconds`. */
  untilDrained(seconds = 30): Promise<Answer> {
    return this.#operate(`/api/gateway/drain?until=drained&wait=${seconds}`, {});
  }

  #operate(path: string, init: RequestInit): Promise<Answer> {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${this.#token}` };
    return request(this.#dashboard + path, { ...init, headers });
  }
}

async function request(url: string, init: RequestInit): Promise<Answer> {
  const headers = {
    ...(init.headers as Record<string, string>),
    ...(init.body ? { 'content-type': 'application/json' } : {}),
  };
  const answer = await fetch(url, {
    ...init,
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] };
}
