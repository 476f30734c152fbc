import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type ExchangeOptions, exchange } from './exchange.ts';
import { messageId, type Outcome, type Request, type Route } from './history.ts';
import { outcomeOf } from './outcome.ts';
import { Rng } from './rng.ts';

const ROUTES: readonly Route[] = ['sync', 'async', 'wait', 'sse', 'openai', 'openai-stream'];

/** Every request ends within this, in ms, however badly. */
const ANSWER_MS = 90_000;

/** A message that is not accepted for so long after the last fault is given up. */
const GIVE_UP_MS = 90_000;

/** How clients behave: the chance of each. */
const HABITS = { twice: 0.2, leavesEarly: 0.08, leavesAcknowledged: 0.7 } as const;

/** Why a request was ended: not an answer that the gateway owes. */
const LEFT = 'the client left';
const HUNG = 'hung';

interface Message {
  readonly session: string;
  readonly id: string;
  readonly text: string;
}

/** People who send one message after another, each in a session of its own, by every route and again until accepted. */
export class Clients {
  readonly requests: Request[] = [];
  /** Those on their way. */
  readonly #pending = new Set<AbortController>();
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #storm: AbortSignal;

  /** @param storm aborts when no new messages are to be sent. */
  constructor(port: number, storm: AbortSignal) {
    this.#port = port;
    this.#storm = storm;
  }

  /** Resolves when `storm` is over and each message is accepted, answered or given up. */
  async talk(sessions: number, seed: number): Promise<void> {
    const talking = Array.from({ length: sessions }, (_, n) => this.#converse(`s${n}`, new Rng(seed + n)));
    await Promise.all(talking);
  }

  /** Asks once more for the answer of a message that was accepted: to be called when all is well. */
  async askAgain(session: string, id: string): Promise<void> {
    for (let tries = 0; tries < 3; tries++) {
      const outcome = await this.#send({ session, id, text: `${id}~0 another text` }, 'sync', ANSWER_MS);
      if (outcome.kind !== 'unknown') return;
    }
  }

  /** Ends the requests that are still on their way. @returns how many. */
  endHung(): number {
    for (const request of this.#pending) request.abort(HUNG);
    return this.#pending.size;
  }

  get pending(): number {
    return this.#pending.size;
  }

  close(): void {
    this.endHung();
    this.#agent.destroy();
  }

  async #converse(session: string, rng: Rng): Promise<void> {
    for (let number = 0; !this.#storm.aborted; number++) {
      const id = messageId(session, number);
      await this.#insist({ session, id, text: `${id}~${secondsOfWork(rng).toFixed(2)}` }, rng);
      await delay(rng.between(0, 250), undefined, { signal: this.#storm }).catch(() => undefined);
    }
  }

  async #insist(message: Message, rng: Rng): Promise<void> {
    let giveUpAt = Infinity;
    while (Date.now() < giveUpAt) {
      const patience = rng.chance(HABITS.leavesEarly) ? rng.between(20, 800) : ANSWER_MS;
      const route = rng.pick(ROUTES);
      const twin = rng.chance(HABITS.twice) ? this.#send(message, 'async', ANSWER_MS) : undefined;
      const [outcome] = await Promise.all([this.#send(message, route, patience), twin]);
      if (outcome.kind === 'final' || outcome.kind === 'strange' || outcome.kind === 'hung') return;
      if (outcome.kind === 'acknowledged' && rng.chance(HABITS.leavesAcknowledged)) return;
      if (this.#storm.aborted) giveUpAt = Math.min(giveUpAt, Date.now() + GIVE_UP_MS);
      await delay(rng.between(50, 350));
    }
  }

  async #send(message: Message, route: Route, patience: number): Promise<Outcome> {
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(patience === ANSWER_MS ? HUNG : LEFT), patience);
    this.#pending.add(ending);
    const sentAt = Date.now();
    const answer = await exchange({ ...this.#requestOf(message, route), signal: ending.signal });
    clearTimeout(timer);
    this.#pending.delete(ending);
    const isHung = ending.signal.reason === HUNG;
    const outcome: Outcome = isHung ? { kind: 'hung' } : outcomeOf(route, answer);
    const { session, id } = message;
    this.requests.push({ session, message: id, route, sentAt, endedAt: Date.now(), outcome });
    return outcome;
  }

  #requestOf({ session, id, text }: Message, route: Route): Omit<ExchangeOptions, 'signal'> {
    const to = { port: this.#port, method: 'POST', agent: this.#agent };
    if (route === 'openai' || route === 'openai-stream') {
      const headers = { 'x-hermes-session-id': session, 'idempotency-key': id };
      const messages = [{ role: 'user', content: text }];
      const body = { model: 'hermes', stream: route === 'openai-stream', messages };
      return { ...to, path: '/v1/chat/completions', headers, body };
    }
    return { ...to, path: '/v1/messages', headers: HEADERS[route], body: { session, text, message_id: id } };
  }
}

const HEADERS: Readonly<Record<Exclude<Route, 'openai' | 'openai-stream'>, Record<string, string>>> = {
  sync: {},
  async: { prefer: 'respond-async' },
  wait: { prefer: 'wait=1' },
  sse: { accept: 'text/event-stream' },
};

/** Most turns are short; some outlast a drain, a few outlast the grace of a stop. */
function secondsOfWork(rng: Rng): number {
  if (rng.chance(0.85)) return rng.between(0, 0.3);
  return rng.chance(0.8) ? rng.between(0.5, 2) : rng.between(3, 6);
}
