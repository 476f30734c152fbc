import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { GATEWAY_SCRIPT } from '@hermes/local-stack';
import { expect, test } from 'vitest';
import { chooseSeed, randomNumbers } from '../seed.ts';
import { Testbed } from './testbed.ts';

/** Every so many lives of the gateway last until something is answered, at most so long in ms: on a busy machine nothing is in the others. */
const LONG_LIFE = { every: 4, patience: 30_000 } as const;

/** How often the gateway is killed; more with HERMES_KILLS. */
const KILLS = Number(process.env.HERMES_KILLS || 40);
/** On a machine so busy that the gateway starts slowly, it is killed as often as fits into this time, in ms. */
const TIME_FOR_KILLS = KILLS * 1_500;
/** The fewest kills that are a test. */
const FEWEST_KILLS = 10;
const SESSIONS = 8;
const SEED = chooseSeed();

/** The answers that one message got, over all its tries. */
interface Sent {
  readonly session: string;
  readonly messageId: string;
  readonly turnIds: Set<unknown>;
  readonly replies: Set<unknown>;
}

// Each wait within has a bound of its own that says what it waited for: this one is longer than all of them.
const TIMEOUT = TIME_FOR_KILLS + FEWEST_KILLS * 60_000;

test(`every acknowledged message has one answer when the gateway is killed up to ${KILLS} times`, {
  timeout: TIMEOUT,
}, async () => {
  await using testbed = await Testbed.start({ turn: 15, dashboard: false });
  const people = new AbortController();
  const sent: Sent[] = [];
  const talking = Array.from({ length: SESSIONS }, (_, n) => talk(testbed, `session-${n}`, sent, people.signal));
  const random = randomNumbers(SEED);
  const started = Date.now();
  let kills = 0;
  for (; kills < FEWEST_KILLS || (kills < KILLS && Date.now() - started < TIME_FOR_KILLS); kills++) {
    const answered = sent.filter(isAnswered).length;
    await delay(random() * 150);
    if (kills % LONG_LIFE.every === 0) {
      await expect
        .poll(() => sent.filter(isAnswered).length, { timeout: LONG_LIFE.patience })
        .toBeGreaterThan(answered);
    }
    await testbed.gateway.program.kill('SIGKILL');
    await testbed.startGateway();
  }
  people.abort();
  await Promise.all(talking);

  const turns = journal(testbed.home);
  const interrupted = turns.filter((turn) => turn.status === 'interrupted').length;
  const replays = turns.filter((turn) => turn.attempts > 1).length;
  console.info(
    `seed ${SEED}: ${kills} kills, ${sent.length} messages, ${replays} replayed, ${interrupted} killed twice`,
  );
  expect(sent.length).toBeGreaterThan(kills);
  expect(sent.filter(({ turnIds, replies }) => turnIds.size !== 1 || replies.size !== 1)).toEqual([]);
  expect(turns.map((turn) => turn.message_id).toSorted()).toEqual(sent.map((message) => message.messageId).toSorted());
  const done = turns.filter((turn) => turn.status === 'done' && turn.reply === turn.text);
  // A turn is replayed once; whoever kills the replay, too, is told that it was interrupted.
  const killedTwice = turns.filter((turn) => turn.status === 'interrupted' && turn.attempts === 2);
  expect(done.length + killedTwice.length).toBe(turns.length);
  for (const session of new Set(turns.map((turn) => turn.session))) {
    const ends = turns.filter((turn) => turn.session === session).map((turn) => turn.ended_at);
    expect(ends.toReversed()).toEqual(ends.toSorted());
  }
});

/** Says one thing after another; each again and again, some twice at once, until it is answered. */
async function talk(testbed: Testbed, session: string, sent: Sent[], signal: AbortSignal): Promise<void> {
  for (let n = 0; !signal.aborted; n++) {
    const message: Sent = { session, messageId: `${session}-${n}`, turnIds: new Set(), replies: new Set() };
    sent.push(message);
    const tries = n % 5 === 0 ? 2 : 1;
    await Promise.all(Array.from({ length: tries }, () => insist(testbed, message, signal)));
  }
}

function isAnswered({ replies }: Sent): boolean {
  return replies.size > 0;
}

/** Sends a message again and again until it is answered. @throws when that takes a minute without a kill. */
async function insist(testbed: Testbed, message: Sent, killsOver: AbortSignal): Promise<void> {
  const { session, messageId } = message;
  const body = JSON.stringify({ session, text: `text of ${messageId}`, message_id: messageId });
  let last: unknown;
  for (let since = Date.now(); Date.now() - since < 60_000; ) {
    const answer = await post(`${testbed.gateway.url}/v1/messages`, body);
    if (answer?.turn_id) message.turnIds.add(answer.turn_id);
    if (answer?.status === 'done') message.replies.add(answer.reply);
    if (answer?.turn_status === 'interrupted') message.replies.add('interrupted');
    if (isAnswered(message)) return;
    if (!killsOver.aborted) since = Date.now();
    last = answer ?? last;
    // The gateway is dead or just starting; a short pause keeps the crowd from spinning.
    await delay(20);
  }
  throw new Error(`${messageId} was not answered within a minute; the last answer was ${JSON.stringify(last)}`);
}

async function post(url: string, body: string): Promise<Record<string, unknown> | undefined> {
  try {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) });
    return (await answer.json()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

interface JournaledTurn {
  readonly session: string;
  readonly message_id: string;
  readonly status: string;
  readonly text: string;
  readonly reply: string;
  readonly attempts: number;
  readonly ended_at: string;
}

function journal(home: string): JournaledTurn[] {
  const args = [GATEWAY_SCRIPT, 'turns', '--json', '--limit', '1000000'];
  const options = {
    env: { ...process.env, HERMES_HOME: home },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 120_000,
  } as const;
  const printed = execFileSync(process.execPath, args, options);
  return printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
