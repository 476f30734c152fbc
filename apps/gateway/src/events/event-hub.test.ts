import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionEvent } from '../journal/event-store.ts';
import type { Journal } from '../journal/journal.ts';
import { announcement, openJournal } from '../testing/journals.ts';
import { EventHub } from './event-hub.ts';

let journal: Journal;
let hub: EventHub;
let stopping: AbortController;

beforeEach(() => {
  journal = openJournal();
  hub = new EventHub(journal);
  stopping = new AbortController();
});

/** Stores events of a session and publishes them. */
async function tell(session: string, ...texts: string[]): Promise<void> {
  await Promise.all(texts.map((text) => journal.announce(announcement(session, text))));
  hub.publish(session);
}

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `${from + n}`);

/** The texts of the next `count` events. */
async function next(reader: AsyncIterator<SessionEvent>, count: number): Promise<unknown[]> {
  const texts: unknown[] = [];
  while (texts.length < count) texts.push((await reader.next()).value?.data.text);
  return texts;
}

const follow = (session = 's', seq = 0, of = hub) => of.follow(session, seq, stopping.signal);

/** A hub whose journal lets things happen in the middle of each read. */
function hubThatIsRead(during: () => Promise<void>): EventHub {
  const slow = Object.create(journal) as Journal;
  slow.eventsAfter = async (session, seq, limit) => {
    const before = await journal.eventsAfter(session, seq, limit);
    await during();
    return before;
  };
  return new EventHub(slow);
}

describe('a reader', () => {
  it('gets what is stored, then what happens, in order', async () => {
    await tell('s', 'a', 'b');
    const reader = follow();
    expect(await next(reader, 2)).toEqual(['a', 'b']);
    const live = next(reader, 3);
    await tell('s', 'c');
    await tell('s', 'd', 'e');
    expect(await live).toEqual(['c', 'd', 'e']);
  });

  it('resumes after the event that it names', async () => {
    await tell('s', 'a', 'b', 'c');
    expect(await next(follow('s', 2), 1)).toEqual(['c']);
  });

  it('gets nothing of other sessions, whatever they are called', async () => {
    const reader = follow('error');
    const first = next(reader, 1);
    await tell('newListener', 'not this');
    await tell('error', 'this');
    expect(await first).toEqual(['this']);
  });

  it('gets more stored events than are read at a time', async () => {
    await tell('s', ...numbers(250));
    expect(await next(follow(), 250)).toEqual(numbers(250));
  });

  it('gets more bytes than are read at a time', async () => {
    const texts = numbers(20).map((number) => number.repeat(20_000));
    await tell('s', ...texts);
    expect(await next(follow(), 20)).toEqual(texts);
  });

  it('misses and doubles nothing that happens while the stored ones are read', async () => {
    let count = 0;
    hub = hubThatIsRead(async () => {
      if (count < 500) await tell('s', ...numbers(50, count));
      count += 50;
    });
    expect(await next(follow('s', 0, hub), 500)).toEqual(numbers(500));
  });

  it('misses and doubles nothing, however slow it is', async () => {
    const reader = follow();
    const first = next(reader, 1);
    await tell('s', '0');
    expect(await first).toEqual(['0']);
    for (let from = 1; from < 1_000; from += 111) await tell('s', ...numbers(111, from));
    expect(await next(reader, 999)).toEqual(numbers(999, 1));
  });

  it('is one of many, each with all the events', async () => {
    const readers = Array.from({ length: 100 }, () => follow());
    const all = Promise.all(readers.map((reader) => next(reader, 120)));
    for (let from = 0; from < 120; from += 40) await tell('s', ...numbers(40, from));
    for (const texts of await all) expect(texts).toEqual(numbers(120));
    expect(hub.readers).toBe(100);
  });
});

describe('the end', () => {
  it('comes when the signal aborts, and leaves no listener', async () => {
    const reader = follow();
    const waiting = reader.next();
    expect(hub.readers).toBe(1);
    stopping.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(hub.readers).toBe(0);
  });

  it('leaves no listener even if the reader never comes back', async () => {
    await tell('s', 'a');
    await next(follow(), 1);
    expect(hub.readers).toBe(1);
    stopping.abort();
    expect(hub.readers).toBe(0);
  });

  it('comes at once when the signal has aborted before', async () => {
    await tell('s', 'a');
    stopping.abort();
    expect((await follow().next()).done).toBe(true);
    expect(hub.readers).toBe(0);
  });

  it('comes between two stored events', async () => {
    await tell('s', 'a', 'b');
    const reader = follow();
    await next(reader, 1);
    stopping.abort();
    expect((await reader.next()).done).toBe(true);
  });

  it('of the hub comes after all stored events', async () => {
    const reader = follow();
    const first = next(reader, 1);
    await tell('s', 'a');
    await journal.announce(announcement('s', 'b'));
    hub.close();
    expect([await first, await next(reader, 1)]).toEqual([['a'], ['b']]);
    expect((await reader.next()).done).toBe(true);
    expect(hub.readers).toBe(0);
  });

  it('of a reader that has had enough leaves no listener', async () => {
    await tell('s', 'a', 'b');
    for await (const event of follow()) {
      expect(event.data.text).toBe('a');
      break;
    }
    expect(hub.readers).toBe(0);
  });

  it('of a reader whose journal cannot be read is an error, and leaves no listener', async () => {
    await journal.close();
    await expect(follow().next()).rejects.toThrow();
    expect(hub.readers).toBe(0);
  });
});
