import { setTimeout as delay } from 'node:timers/promises';
import { type Letter, type Reply, request, send } from '../people.ts';
import type { Sent } from './evidence.ts';

const SESSIONS = 6;
const PAUSE_MS = 250;
const RETRY_MS = 50;

/** Every message gets its answer within this, or the soak has found a wedge. */
const PATIENCE_MS = 120_000;

/** What a message may be refused with; it is sent again then. */
const REFUSALS: ReadonlySet<unknown> = new Set(['draining', 'starting', 'stopping', 'storage-unavailable']);

/** People who talk to the gateway, and send each message again and again until it has its final answer. */
export class Crowd {
  readonly sent: Sent[] = [];
  readonly strange: string[] = [];
  /** When messages were acknowledged. Unix ms. */
  readonly acknowledgements: number[] = [];
  refusals = 0;
  readonly #gateway: string;
  readonly #random: () => number;
  readonly #leaving = new AbortController();
  readonly #talking: Promise<unknown>;

  constructor(gateway: string, random: () => number) {
    this.#gateway = gateway;
    this.#random = random;
    this.#talking = Promise.all(Array.from({ length: SESSIONS }, (_, n) => this.#talk(`session-${n}`)));
  }

  /** Nobody says anything new; resolves when everybody has their answers. @throws Error when somebody waits too long. */
  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#talking;
  }

  async #talk(session: string): Promise<void> {
    for (let n = 0; !this.#leaving.signal.aborted; n++) {
      const both = n % 5 === 0 ? ['a', 'b'] : ['a'];
      await Promise.all(
        both.map((which) => this.#say({ session, text: `${n}${which}`, message_id: `${session}-${n}${which}` }, n)),
      );
      await delay(this.#random() * PAUSE_MS);
    }
  }

  /** Some say the same thing twice at once; some wait for the answer, some come back for it. */
  async #say(letter: Letter, n: number): Promise<void> {
    const message: Sent = { letter, acknowledged: false, turnIds: new Set(), answers: new Set() };
    this.sent.push(message);
    const later = n % 3 === 0;
    const tries = n % 7 === 0 ? [later, !later] : [later];
    await Promise.all(tries.map((isLater) => this.#insist(message, isLater)));
  }

  async #insist(message: Sent, later: boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      const reply = await send(this.#gateway, message.letter, later ? { prefer: 'respond-async' } : {});
      const turnId = reply && this.#take(message, reply);
      if (isFinal(reply) || (turnId !== undefined && (await this.#comeBack(message, turnId, deadline)))) return;
      await delay(RETRY_MS);
    }
    this.strange.push(`${message.letter.message_id}: nobody answered for ${PATIENCE_MS / 1000} s`);
  }

  /** Asks after a turn until it has ended. @returns false when nobody is there to be asked. */
  async #comeBack(message: Sent, turnId: string, deadline: number): Promise<boolean> {
    while (Date.now() < deadline) {
      const reply = await request(`${this.#gateway}/v1/turns/${turnId}`);
      if (reply === undefined) return false;
      this.#take(message, reply);
      if (isFinal(reply)) return true;
      await delay(RETRY_MS);
    }
    return false;
  }

  /** @returns the id of a turn that was accepted. */
  #take(message: Sent, { status, body }: Reply): string | undefined {
    if (status === 503 && REFUSALS.has(body.code)) {
      this.refusals += 1;
      return undefined;
    }
    if (typeof body.turn_id !== 'string') {
      this.strange.push(`${message.letter.message_id}: ${status} ${JSON.stringify(body)}`);
      return undefined;
    }
    if (!message.acknowledged) this.acknowledgements.push(Date.now());
    message.acknowledged = true;
    message.turnIds.add(body.turn_id);
    if (body.status === 'done') message.answers.add(body.reply);
    if (isInterrupted(body)) message.answers.add('interrupted');
    return body.turn_id;
  }
}

function isFinal(reply: Reply | undefined): boolean {
  return reply !== undefined && (reply.body.status === 'done' || isInterrupted(reply.body));
}

function isInterrupted(body: Reply['body']): boolean {
  return body.turn_status === 'interrupted' || body.status === 'interrupted';
}
