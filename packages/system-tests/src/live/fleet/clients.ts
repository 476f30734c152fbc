import { setTimeout as delay } from 'node:timers/promises';

/** Ms within which a message must be answered, however often it has to be sent. */
const PATIENCE_MS = 120_000;

/** A message, and all that its client heard of it. */
export interface Message {
  readonly session: string;
  readonly id: string;
  readonly turnIds: Set<string>;
  /** The replies; for a turn that ended without one, its status. */
  readonly replies: Set<string>;
  /** Tries on a connection that broke, or to a gateway that was not there. */
  readonly broken: string[];
  /** Tries that a gateway refused, by the code of the refusal. */
  readonly refused: string[];
  /** Other answers: faults of the product. */
  readonly errors: string[];
  /** From the first try to the answer, in ms. */
  waited: number;
}

export interface ClientsOptions {
  readonly url: string;
  readonly number: number;
  /** Whether a message whose connection broke or that was refused is sent again, with the same id. */
  readonly doesRepeat: boolean;
  /** The key of the API. Default: there is none. */
  readonly key?: string | undefined;
  /** Whether messages have an id of their client. Without, a client sends one at a time. Default: they have. */
  readonly hasIds?: boolean | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Clients with a session each. They send two messages at a time: one that is only accepted (202) and, after that, one whose
 * answer they wait for. The turn of the second one waits for that of the first. Then they ask for the first answer by sending
 * the message again.
 */
export class Clients {
  readonly #options: ClientsOptions;
  readonly #over = new AbortController();
  readonly #work: Promise<unknown>;
  readonly messages: Message[] = [];

  constructor(options: ClientsOptions) {
    this.#options = options;
    const all = Array.from({ length: options.number }, (_, index) => this.#talk(`session-${index}`));
    this.#work = Promise.all(all);
    // `finish` reports it; until then a failed client must not end the process.
    this.#work.catch(() => undefined);
  }

  get answered(): number {
    return this.messages.filter(({ replies }) => replies.size > 0).length;
  }

  /** Lets them finish what they have begun. @throws Error when a message is not answered. */
  async finish(): Promise<void> {
    this.#over.abort();
    await this.#work;
  }

  get #hasIds(): boolean {
    return this.#options.hasIds ?? true;
  }

  async #talk(session: string): Promise<void> {
    for (let number = 0; !this.#hasIds && !this.#over.signal.aborted; number += 1) {
      await this.#insist(this.#message(session, number));
    }
    for (let number = 0; !this.#over.signal.aborted; number += 2) {
      const [first, second] = [this.#message(session, number), this.#message(session, number + 1)];
      await this.#insist(first, 'respond-async');
      await this.#insist(second);
      await this.#insist(first);
    }
  }

  #message(session: string, number: number): Message {
    const id = `${session}-${number}`;
    const nothing = { broken: [], turnIds: new Set<string>(), replies: new Set<string>(), refused: [], errors: [] };
    const message: Message = { session, id, waited: 0, ...nothing };
    this.messages.push(message);
    return message;
  }

  async #insist(message: Message, prefer = ''): Promise<void> {
    const since = performance.now();
    while (!(await this.#send(message, prefer))) {
      if (!this.#options.doesRepeat) return;
      if (performance.now() - since > PATIENCE_MS) throw new Error(`no answer: ${JSON.stringify(message)}`);
      await delay(100);
    }
    if (prefer === '') message.waited = performance.now() - since;
  }

  /** @returns whether there was an answer. */
  async #send(message: Message, prefer: string): Promise<boolean> {
    const { session, id } = message;
    const named = this.#hasIds ? { message_id: id } : {};
    const body = JSON.stringify({ session, ...named, text: `${session} ${id}` });
    const { url, key } = this.#options;
    const answer = await post(`${url}/v1/messages`, body, { prefer, key });
    // A load balancer answers in its own words when a gateway is not there.
    if (isForeign(answer)) {
      message.broken.push(String(answer.body['detail'] ?? answer.status));
      return false;
    }
    if (answer.status !== 503 && answer.body['turn_id'] !== undefined) return note(message, answer);
    if (answer.status === 503) message.refused.push(String(answer.body['code']));
    else message.errors.push(`${answer.status} ${JSON.stringify(answer.body)}`);
    return false;
  }
}

function isForeign({ body }: Answer): boolean {
  return body['code'] === 'connection-died' || (body['code'] === undefined && body['turn_id'] === undefined);
}

function note({ turnIds, replies, errors }: Message, { status, body }: Answer): boolean {
  if (body['turn_id']) turnIds.add(String(body['turn_id']));
  if (body['status'] === 'done') replies.add(String(body['reply']));
  else if (body['turn_status'] !== undefined) replies.add(String(body['turn_status']));
  else if (status !== 202) errors.push(`${status} ${JSON.stringify(body)}`);
  return true;
}

interface PostOptions {
  readonly prefer: string;
  readonly key: string | undefined;
}

async function post(url: string, body: string, { prefer, key }: PostOptions): Promise<Answer> {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const headers = { 'content-type': 'application/json', ...authorization, ...(prefer && { prefer }) };
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : {} };
  } catch (error) {
    return { status: 0, body: { code: 'connection-died', detail: String((error as Error).cause ?? error) } };
  }
}
