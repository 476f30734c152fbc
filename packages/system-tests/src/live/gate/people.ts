/** What the sender of a message got back; `undefined` when nobody answered. */
export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A message as its sender keeps it, to be sent again with the same id. */
export interface Letter {
  readonly session: string;
  readonly text: string;
  readonly message_id: string;
}

const TIMEOUT_MS = 10_000;

/** Sends a message once. */
export function send(gateway: string, letter: Letter, headers: Readonly<Record<string, string>> = {}) {
  return request(`${gateway}/v1/messages`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(letter),
  });
}

export async function request(url: string, init: RequestInit = {}): Promise<Reply | undefined> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: answer.status, body: (await answer.json()) as Reply['body'] };
  } catch {
    return undefined;
  }
}
