import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { EventHub } from '../events/event-hub.ts';
import type { Refusal } from '../gate/gate.ts';
import type { Journal } from '../journal/journal.ts';
import { failingJournal } from '../testing/failing-journal.ts';
import { openJournal } from '../testing/journals.ts';
import { drainRequest } from '../testing/markers.ts';
import { quietLog } from '../testing/quiet-log.ts';
import { EventComposer } from './event-composer.ts';
import { MAX_WAITING_NOTICES, Notices } from './notices.ts';

function noticesOn(journal: Journal) {
  const { log, errors } = quietLog();
  const eventComposer = new EventComposer(new EventHub(journal), new Map());
  /** The notices of the sessions, in order: session and kind of notice. */
  const noticesOf = async (...sessions: string[]) => {
    const events = await Promise.all(sessions.map((session) => journal.eventsAfter(session, 0, 1_000)));
    return events
      .flat()
      .toSorted((a, b) => a.seq - b.seq)
      .map(({ session, data }) => `${session} ${data.notice}`);
  };
  return { notices: new Notices(journal, eventComposer, log), journal, errors, noticesOf };
}

function drain(identity: string): Refusal {
  return { reason: 'draining', drain: identity, request: drainRequest() };
}

const [FIRST, SECOND] = [drain('first'), drain('second')];

describe('a drain', () => {
  it('is sent to a session once, however many of its messages come, also at the same time', async () => {
    const { notices, noticesOf } = noticesOn(openJournal());
    await Promise.all(Array.from({ length: 20 }, () => notices.refused('s', FIRST, false)));
    await notices.refused('s', FIRST, true);
    await notices.refused('other', FIRST, false);
    expect(await noticesOf('s', 'other')).toEqual(['s draining', 'other draining']);
  });

  it.each<[what: string, next: Refusal]>([
    ['another one', SECOND],
    ['one of which nothing is known', { reason: 'draining' }],
  ])('is sent again when it is %s', async (_what, next) => {
    const { notices, noticesOf } = noticesOn(openJournal());
    for (const refusal of [FIRST, next, FIRST, next]) await notices.refused('s', refusal, false);
    expect(await noticesOf('s')).toEqual(['s draining', 's draining']);
  });

  it('is not sent again by the next process', async () => {
    const path = join(temporaryDirectory(), 'gateway.db');
    for (const _process of [1, 2, 3]) {
      const journal = openJournal(path);
      const { notices, noticesOf } = noticesOn(journal);
      await notices.refused('s', FIRST, false);
      expect(await noticesOf('s')).toEqual(['s draining']);
      await journal.close();
    }
  });

  it('is recorded for so many sessions at a time while the disk hangs, and for the others at their next message', async () => {
    const journal = openJournal();
    const disk = Promise.withResolvers<void>();
    const hanging = new Proxy(journal, {
      get: (target, name) => {
        if (name !== 'recordNoticeOnce') return Reflect.get(target, name, target);
        return async (...given: Parameters<Journal['recordNoticeOnce']>) => {
          await disk.promise;
          return target.recordNoticeOnce(...given);
        };
      },
    });
    const { log, warnings } = quietLog();
    const notices = new Notices(hanging, new EventComposer(new EventHub(journal), new Map()), log);
    const sessions = Array.from({ length: MAX_WAITING_NOTICES }, (_, number) => `s${number}`);
    const telling = sessions.map((session) => notices.refused(session, FIRST, false));
    // Not queued, so they return although the disk hangs.
    for (const _message of [1, 2, 3]) await notices.refused('late', FIRST, false);
    expect(warnings).toEqual([expect.stringContaining('other sessions get the notice at their next message')]);
    disk.resolve();
    await Promise.all(telling);
    expect(warnings).toEqual([expect.any(String), expect.stringContaining('dropped notices')]);
    expect(await journal.eventsAfter('late', 0, 10)).toEqual([]);
    await notices.refused('late', FIRST, false);
    expect(await journal.eventsAfter('late', 0, 10)).toHaveLength(1);
    expect(await journal.eventsAfter(sessions.at(-1) ?? '', 0, 10)).toHaveLength(1);
  });

  it.each(['starting', 'stopping'] as const)('is not sent when the gateway is %s', async (reason) => {
    const { notices, noticesOf } = noticesOn(openJournal());
    await notices.refused('s', { reason }, false);
    expect(await noticesOf('s')).toEqual([]);
  });
});

describe('the end of a drain', () => {
  it('is sent once to the sessions with a drain notice, and to no other session', async () => {
    const { notices, noticesOf } = noticesOn(openJournal());
    await notices.refused('s', FIRST, false);
    await notices.refused('t', FIRST, true);
    await notices.stopping({ busy: ['busy'], home: [], quiet: false, grace: 1 });
    await Promise.all([notices.released(), notices.released()]);
    await notices.released();
    const all = await noticesOf('s', 't', 'busy');
    expect(all.toSorted()).toEqual(['busy stopping', 's back', 's draining', 't back', 't draining']);
  });

  it('is sent once for two consecutive drains', async () => {
    const { notices, noticesOf } = noticesOn(openJournal());
    for (const refusal of [FIRST, SECOND]) await notices.refused('s', refusal, false);
    await notices.released();
    expect(await noticesOf('s')).toEqual(['s draining', 's draining', 's back']);
  });

  it('is sent by the next process if that finds that the drain has ended', async () => {
    const path = join(temporaryDirectory(), 'gateway.db');
    const before = openJournal(path);
    await noticesOn(before).notices.refused('s', FIRST, false);
    await before.close();
    const { notices, noticesOf } = noticesOn(openJournal(path));
    await notices.released();
    expect(await noticesOf('s')).toEqual(['s draining', 's back']);
  });

  it('is sent after the notices of the drain, and before those of the next one', async () => {
    const { notices, noticesOf } = noticesOn(openJournal());
    await Promise.all([
      notices.refused('s', FIRST, false),
      notices.released(),
      notices.refused('s', SECOND, false),
      notices.released(),
    ]);
    expect(await noticesOf('s')).toEqual(['s draining', 's back', 's draining', 's back']);
  });

  it('makes room for the news of the next drain', async () => {
    const { notices, noticesOf } = noticesOn(openJournal());
    for (const refusal of [FIRST, SECOND]) {
      await notices.refused('s', refusal, false);
      await notices.released();
    }
    expect(await noticesOf('s')).toEqual(['s draining', 's back', 's draining', 's back']);
  });
});

describe('a shutdown', () => {
  it.each<[quiet: boolean, noticesOf: string[]]>([
    [false, ['busy stopping', 'both stopping', 'home stopping']],
    [true, ['busy stopping', 'both stopping']],
  ])(
    'is sent once to sessions with a running turn, and to the home channels unless quiet is %s',
    async (quiet, expected) => {
      const { notices, noticesOf, journal } = noticesOn(openJournal());
      await notices.stopping({ busy: ['busy', 'both'], home: ['both', 'home', 'both', 'home'], quiet, grace: 30 });
      expect(await noticesOf('busy', 'both', 'home')).toEqual(expected);
      const [busy] = await journal.eventsAfter('busy', 0, 1);
      expect(busy?.data.text).toContain('up to 30 s');
    },
  );
});

describe('a journal that cannot be written', () => {
  it.each<
    [
      call: 'recordNoticeOnce' | 'notifiedSessions' | 'recordDrainEnd' | 'announce',
      send: (notices: Notices) => Promise<unknown>,
      answer?: boolean,
    ]
  >([
    ['recordNoticeOnce', (notices) => notices.refused('s', FIRST, false)],
    ['notifiedSessions', (notices) => notices.released(), false],
    ['recordDrainEnd', (notices) => notices.released(), false],
    ['announce', (notices) => notices.stopping({ busy: ['s'], home: ['h'], quiet: false, grace: 1 })],
  ])('never throws out of a notice: %s', async (call, send, answer) => {
    const { journal, trouble } = failingJournal();
    const { notices, errors, noticesOf } = noticesOn(journal);
    if (call === 'recordDrainEnd') await notices.refused('s', SECOND, false);
    const before = await noticesOf('s', 'h');
    trouble.failures.set(call, 9);
    await expect(send(notices)).resolves.toBe(answer);
    expect([errors, await noticesOf('s', 'h')]).toEqual([['a notice could not be stored'], before]);
  });

  it('is made up for: the session gets it at its next message', async () => {
    const { journal, trouble } = failingJournal();
    const { notices, noticesOf } = noticesOn(journal);
    trouble.failures.set('recordNoticeOnce', 1);
    await notices.refused('s', FIRST, false);
    await notices.refused('s', FIRST, false);
    expect(await noticesOf('s')).toEqual(['s draining']);
  });

  it('is made up for: the session gets the end of the drain at the next call', async () => {
    const { journal, trouble } = failingJournal();
    const { notices, noticesOf } = noticesOn(journal);
    await notices.refused('s', FIRST, false);
    trouble.failures.set('recordDrainEnd', 1);
    expect(await notices.released()).toBe(false);
    expect(await notices.released()).toBe(true);
    expect(await noticesOf('s')).toEqual(['s draining', 's back']);
  });
});
