import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SqliteJournal } from '../journal/sqlite/sqlite-journal.ts';
import { type AnnouncementOptions, announcement, openJournal } from '../testing/journals.ts';
import { quietLog } from '../testing/quiet-log.ts';
import { ScriptedChannel } from '../testing/scripted-channel.ts';
import { DeliveryError } from './channel.ts';
import { Outbox } from './outbox.ts';
import type { OutboxLimits } from './outbox-limits.ts';

let path: string;
let journal: SqliteJournal;
let channel: ScriptedChannel;

beforeEach(() => {
  path = join(temporaryDirectory(), 'gateway.db');
  journal = openJournal(path);
  channel = new ScriptedChannel();
});

const FAST = { firstRetryMs: 10, lastRetryMs: 40, tryMs: 5_000 };

/** An outbox that runs until the test has finished. */
function startOutbox(limits: Partial<OutboxLimits> = {}): Outbox {
  const outbox = new Outbox(channel, journal, quietLog().log, { ...FAST, ...limits });
  onTestFinished(() => outbox.close(AbortSignal.abort()));
  outbox.start();
  return outbox;
}

async function send(session: string, text: string, options: AnnouncementOptions = {}): Promise<void> {
  await journal.announce(announcement(session, text, ['x'], options));
}

const pending = async () => (await journal.deliveries('x')).map(({ event }) => event.text);
const until = (holds: () => void | Promise<void>) => eventually(holds);
const untilPending = (texts: readonly string[]) => until(async () => expect(await pending()).toEqual(texts));
const untilSent = (...texts: string[]) => until(() => expect(channel.sent).toEqual(texts));

describe('an outbox', () => {
  it('sends what is pending when it starts, and what comes after', async () => {
    await send('s', 'a');
    const outbox = startOutbox();
    await untilPending([]);
    await send('s', 'b');
    outbox.wake();
    await untilPending([]);
    expect(channel.sent).toEqual(['a', 'b']);
  });

  it('keeps the order of a session, one at a time', async () => {
    channel.onSending = (sending) => void setImmediate(() => sending.arrive());
    const texts = Array.from({ length: 50 }, (_, n) => `${n}`);
    await Promise.all(texts.map((text) => send('s', text)));
    startOutbox();
    await untilPending([]);
    expect(channel.sent).toEqual(texts);
    expect(channel.mostAtOnce).toBe(1);
  });

  it('lets no slow session hold the others, up to a bound for all of them', async () => {
    channel.onSending = (sending) => {
      if (sending.session !== 'slow') sending.arrive();
    };
    for (const session of ['slow', 'a', 'slow', 'b', 'c']) await send(session, session);
    startOutbox({ atOnce: 2 });
    await untilPending(['slow', 'slow']);
    expect(channel.sent).toEqual(['slow', 'a', 'b', 'c']);
    channel.sendings[0]?.arrive();
    await until(() => expect(channel.sendings).toHaveLength(5));
    expect(channel.mostAtOnce).toBe(2);
  });

  it('fills every place when there are more sessions than places', async () => {
    channel.onSending = () => undefined;
    for (let session = 0; session < 20; session++) await send(`s${session}`, `${session}`);
    startOutbox({ atOnce: 4 });
    await untilSent('0', '1', '2', '3');
    for (const sending of channel.sendings) sending.arrive();
    await untilSent('0', '1', '2', '3', '4', '5', '6', '7');
    expect(channel.mostAtOnce).toBe(4);
  });

  it('sends no more bytes at once than fit, and in the order they came', async () => {
    channel.onSending = () => undefined;
    const large = 'x'.repeat(2_000);
    for (const session of ['a', 'b', 'c']) await send(session, large);
    await send('d', 'small');
    startOutbox({ atOnceBytes: 5_000 });
    await untilSent(large, large);
    for (const sending of channel.sendings) sending.arrive();
    await untilSent(large, large, large, 'small');
  });

  it('sends one that is larger than what fits', async () => {
    const large = 'x'.repeat(2_000);
    await send('a', large);
    await send('b', 'small');
    startOutbox({ atOnceBytes: 100 });
    await untilPending([]);
    expect(channel.sent).toEqual([large, 'small']);
  });

  it('has thousands pending without slowing down with each', async () => {
    const count = 1_000;
    await Promise.all(Array.from({ length: count }, (_, n) => send(`s${n % 10}`, `${n}`)));
    startOutbox();
    await untilPending([]);
    expect(channel.sendings).toHaveLength(count);
  });
});

describe('a delivery that fails', () => {
  it('is tried again, later each time, and the next one of its session waits for it', async () => {
    let failures = 4;
    channel.onSending = (sending) => (failures-- > 0 ? sending.fail(new Error('down')) : sending.arrive());
    for (const text of ['a', 'b']) await send('s', text);
    startOutbox();
    await untilPending([]);
    expect(channel.sent).toEqual(['a', 'a', 'a', 'a', 'a', 'b']);
    const [first = 0, ...later] = channel.sendings.map(({ at }) => at);
    for (const [index, wait] of [10, 30, 70, 110].entries()) {
      expect((later[index] ?? 0) - first).toBeGreaterThanOrEqual(wait - 1);
    }
  });

  it('waits as long as the other side asks, within a bound', async () => {
    const asked = [{ retryAfterMs: 120 }, { retryAfterMs: 1e9 }, { retryAfterMs: -5 }];
    channel.onSending = (sending) => {
      const options = asked.shift();
      if (options) sending.fail(new DeliveryError('busy', options));
      else sending.arrive();
    };
    await send('s', 'a');
    startOutbox({ longestWaitMs: 150 });
    await untilPending([]);
    const at = channel.sendings.map((sending) => sending.at);
    const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(waits[0]).toBeGreaterThanOrEqual(119);
    expect(waits[1]).toBeGreaterThanOrEqual(149);
    expect(waits[2]).toBeGreaterThanOrEqual(9);
  });

  it('that is permanent is final at once, and the session continues', async () => {
    channel.onSending = (sending) =>
      sending.text === 'a' ? sending.fail(new DeliveryError('blocked', { permanent: true })) : sending.arrive();
    for (const text of ['a', 'b']) await send('s', text);
    startOutbox();
    await untilPending([]);
    expect(channel.sent).toEqual(['a', 'b']);
  });

  it('too often is final, and the session continues', async () => {
    channel.onSending = (sending) => (sending.text === 'a' ? sending.fail(new Error('down')) : sending.arrive());
    for (const text of ['a', 'b']) await send('s', text);
    startOutbox({ tries: 3 });
    await untilPending([]);
    expect(channel.sent).toEqual(['a', 'a', 'a', 'b']);
  });

  it('because of a timeout is aborted, even if the channel continues', async () => {
    channel.onSending = () => undefined;
    await send('s', 'a');
    startOutbox({ tryMs: 20, tries: 2 });
    await untilPending([]);
    expect(channel.sendings.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  it('by a throw of the channel itself is like any other', async () => {
    channel.deliver = () => {
      throw new Error('a bug');
    };
    await send('s', 'a');
    startOutbox({ tries: 2 });
    await untilPending([]);
  });
});

describe('a delivery that makes no sense any more', () => {
  it('is dropped unsent', async () => {
    await send('s', 'late', { expiresAt: Date.now() - 1 });
    await send('s', 'fresh', { expiresAt: Date.now() + 60_000 });
    startOutbox();
    await untilPending([]);
    expect(channel.sent).toEqual(['fresh']);
  });

  it('does not keep its session waiting for a try that would come too late', async () => {
    channel.onSending = (sending) =>
      sending.text === 'a' ? sending.fail(new DeliveryError('busy', { retryAfterMs: 60_000 })) : sending.arrive();
    await send('s', 'a', { expiresAt: Date.now() + 700 });
    await send('s', 'b');
    startOutbox();
    await untilPending([]);
    expect(channel.sent).toEqual(['a', 'b']);
  });
});

describe('a journal that cannot be written', () => {
  it('costs no second sending: the record is made as soon as it can be', async () => {
    const delivered = vi.spyOn(journal, 'delivered');
    for (let failure = 0; failure < 3; failure++) delivered.mockRejectedValueOnce(new Error('disk full'));
    for (const text of ['a', 'b']) await send('s', text);
    startOutbox();
    await untilPending([]);
    expect(channel.sent).toEqual(['a', 'b']);
  });

  it.each(['nextDeliveries', 'findDelivery'] as const)('or read by %s costs nothing but time', async (read) => {
    vi.spyOn(journal, read).mockRejectedValueOnce(new Error('disk error'));
    await send('s', 'a');
    startOutbox();
    await untilPending([]);
  });

  it('because it is closed ends nothing but the outbox', async () => {
    channel.onSending = () => undefined;
    await send('s', 'a');
    const outbox = startOutbox();
    await untilSent('a');
    await journal.close();
    channel.sendings[0]?.arrive();
    outbox.wake();
    await outbox.close(AbortSignal.timeout(50));
  });
});

const HOUR_MS = 3_600_000;

/** Until the test has finished it is this time, in Unix ms; timers go on. */
function clockAt(now: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now });
  onTestFinished(() => void vi.useRealTimers());
}

describe('close', () => {
  it('sends what is due and ends at once', async () => {
    const outbox = startOutbox();
    for (const text of ['a', 'b', 'c']) await send('s', text);
    await outbox.close(AbortSignal.timeout(600_000));
    expect(await pending()).toEqual([]);
  });

  it('does not wait for a retry; a restart sends pending deliveries, in order', async () => {
    channel.onSending = (sending) => sending.fail(new Error('down'));
    for (const text of ['a', 'b']) await send('s', text);
    const outbox = startOutbox({ firstRetryMs: HOUR_MS });
    await until(async () => expect((await journal.deliveries('x'))[0]?.attempts).toBe(1));
    await outbox.close(new AbortController().signal);
    await journal.close();
    clockAt(Date.now() + HOUR_MS);
    journal = openJournal(path);
    channel = new ScriptedChannel();
    startOutbox();
    await untilPending([]);
    expect(channel.sent).toEqual(['a', 'b']);
  });

  it('aborts a try at its bound; the delivery stays pending, and no try is counted', async () => {
    channel.onSending = (sending) => sending.signal.addEventListener('abort', () => sending.fail(new Error('aborted')));
    await send('s', 'a');
    const outbox = startOutbox();
    await untilSent('a');
    await outbox.close(AbortSignal.timeout(50));
    expect(await journal.deliveries('x')).toMatchObject([{ attempts: 0 }]);
  });

  it.each<[what: string, bound: () => AbortSignal]>([
    ['soon', () => AbortSignal.timeout(50)],
    ['before', () => AbortSignal.abort()],
  ])('ends although the channel ignores its signal, when the bound is reached %s', async (_what, bound) => {
    channel.onSending = () => undefined;
    for (const session of ['s', 't']) await send(session, session);
    const outbox = startOutbox();
    await untilSent('s', 't');
    await outbox.close(bound());
    expect(await pending()).toEqual(['s', 't']);
  });

  it('ends although it was never started, and may be repeated', async () => {
    await send('s', 'a');
    const outbox = new Outbox(channel, journal, quietLog().log);
    await outbox.close(AbortSignal.timeout(10_000));
    await outbox.close(AbortSignal.timeout(10_000));
    expect(channel.sent).toEqual([]);
  });
});
