import { expect, it } from 'vitest';
import type { Channel } from '../channels/channel.ts';
import { ChannelHealth } from '../channels/channel-health.ts';
import { EventHub } from '../events/event-hub.ts';
import { openJournal } from '../testing/journals.ts';
import { EventComposer } from './event-composer.ts';

/** A channel that carries the sessions whose names begin with its own. */
function channelOf(name: string): Channel {
  return {
    name,
    health: new ChannelHealth('idle'),
    carries: (session) => session.startsWith(name),
    deliver: async () => undefined,
    start: () => undefined,
    stop: async () => undefined,
  };
}

function announcerWith(...names: string[]) {
  const journal = openJournal();
  const hub = new EventHub(journal);
  const woken: string[] = [];
  const channels = new Map(names.map((name) => [channelOf(name), { wake: () => void woken.push(name) }]));
  return { eventComposer: new EventComposer(hub, channels), journal, hub, woken };
}

const BACK = { notice: 'back', text: 'hello' } as const;

it.each([
  ['mail:anna', ['mail']],
  ['chat:anna', ['chat']],
  ['anna', []],
])('events of %s are delivered by the channels that carry it: %j', async (session, names) => {
  const { eventComposer, journal, woken } = announcerWith('mail', 'chat');
  const announcement = eventComposer.notice(session, BACK, 5, 9);
  expect(announcement.event).toEqual({ session, type: 'notice', data: { session, ...BACK }, at: 5 });
  const body = { type: 'notice', session, ...BACK };
  expect(announcement.deliveries).toEqual(names.map((channel) => ({ channel, session, event: body, expiresAt: 9 })));
  await journal.announce(announcement);
  eventComposer.stored(session);
  expect(woken).toEqual(names);
});

it('the end of a turn goes out at any time, without an end of its use', () => {
  const { eventComposer } = announcerWith('mail');
  const view = { turn_id: 't', session: 'mail', status: 'done', reply: 'hi' };
  expect(eventComposer.turnEnded('mail', view, 5)).toEqual({
    event: { session: 'mail', type: 'turn', data: view, at: 5 },
    deliveries: [{ channel: 'mail', session: 'mail', event: { type: 'turn', ...view }, expiresAt: null }],
  });
});

it('who follows a session hears of it once it is stored', async () => {
  const { eventComposer, journal, hub } = announcerWith();
  const stopping = new AbortController();
  const reader = hub.follow('s', 0, stopping.signal)[Symbol.asyncIterator]();
  const heard = reader.next();
  const { event, deliveries } = eventComposer.notice('s', BACK, 5);
  const seq = await journal.announce({ event, deliveries });
  eventComposer.stored('s');
  expect((await heard).value).toEqual({ seq, ...event });
  stopping.abort();
});
