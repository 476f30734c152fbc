import { eventually } from '@hermes/test-kit/eventually';
import { expect, it } from 'vitest';
import type { ChannelMessagePart } from '../channels/channel.ts';
import { partsOf } from '../openai-wire/parts.ts';
import { engineWith } from '../testing/engines.ts';
import { openJournal } from '../testing/journals.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';
import { messagesOfAlbum, withMessages } from './albums.ts';
import { channelEvents, receiverOf } from './receive.ts';

const image = (data: string) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } }) as const;

const part = (id: string, text = '', data = id): ChannelMessagePart => ({ id, text, attachments: [image(data)] });

/** A channel's way into a session whose agent works on another message. */
async function busySession() {
  const [agent, journal] = [new ScriptedAgent({ accepts: ['image_url'] }), openJournal()];
  const { engine } = engineWith(agent, journal);
  const receive = receiverOf(engine, journal);
  const events = channelEvents(engine, journal);
  await receive({ session: 's', messageId: 'busy', text: 'busy' });
  await eventually(() => expect(agent.calls).toHaveLength(1));
  const message = (album: ChannelMessagePart[]) => ({ session: 's', messageId: 'g', text: '', album });
  const stored = async (messageId: string) => {
    const { form, text } = (await journal.findMessage('s', messageId)) ?? { form: null, text: '' };
    return partsOf(form, text);
  };
  return {
    receiveAlone: (alone: ChannelMessagePart) => receive({ session: 's', messageId: alone.id, ...alone }),
    receive: (...album: ChannelMessagePart[]) => receive(message(album)),
    edit: (...album: ChannelMessagePart[]) => events.edited(message(album)),
    isStored: events.isStored,
    stored,
  };
}

it('an album is one message of its parts in order, and what comes later is a message of its own, once', async () => {
  const { receive, isStored, stored } = await busySession();
  expect(await isStored('s', 'g')).toBe(false);
  await receive(part('a', 'these'), part('b'));
  expect([await isStored('s', 'g'), await isStored('other', 'g')]).toEqual([true, false]);
  for (const late of [[part('c')], [part('a', 'these'), part('b'), part('c')], [part('c'), part('d', 'more')]]) {
    await receive(...late);
  }
  expect(await stored('g')).toEqual([{ type: 'text', text: 'these' }, image('a'), image('b')]);
  expect(await stored('g:2')).toEqual([image('c')]);
  expect(await stored('g:3')).toEqual([{ type: 'text', text: 'more' }, image('d')]);
  expect(await isStored('s', 'g:4')).toBe(false);
});

it('an album that an earlier version stored under the id of its first message is not stored again', async () => {
  const { receive, receiveAlone, isStored, stored } = await busySession();
  await receiveAlone({ ...part('a', 'these'), attachments: [image('a'), image('b')] });
  await receive(part('a', 'these'), part('b'));
  expect(await isStored('s', 'g')).toBe(false);
  await receive(part('a', 'these'), part('b'), part('c'));
  expect(await stored('g')).toEqual([image('c')]);
});

it('an edit replaces the parts that it has, wherever they are, and leaves the others', async () => {
  const { receive, edit, stored } = await busySession();
  await receive(part('a', 'these'), part('b'), part('c', 'three'));
  await receive(part('d'));
  await edit(part('b', 'two', 'bb'), part('c'));
  await edit(part('d', 'late'));
  await edit(part('unknown', 'no'));
  expect(await stored('g')).toEqual([
    { type: 'text', text: 'these' },
    image('a'),
    { type: 'text', text: 'two' },
    image('bb'),
    image('c'),
  ]);
  expect(await stored('g:2')).toEqual([{ type: 'text', text: 'late' }, image('d')]);
});

it('an edit that makes an album too large is refused in words, and one that makes it smaller is not', async () => {
  const { receive, edit, stored } = await busySession();
  const half = 'x'.repeat(9 * 1_048_576);
  await receive(part('a', '', half), part('b'));
  expect(await edit(part('b', '', half))).toMatch(/^I could not take your edit: .* more than 16 MiB/);
  expect(await stored('g')).toEqual([image(half), image('b')]);
  expect([await edit(part('a')), await stored('g')]).toEqual([undefined, [image('a'), image('b')]]);
});

it.each(['', 'null', '{}', '[null, 1, {"source": 2}]', '[{"type": "text", "text": "x"}]'])(
  'a journal that others could write may hold anything: %s',
  (text) => {
    expect(messagesOfAlbum(text).has('a')).toBe(false);
    expect(withMessages(text, [part('a')])).toBeUndefined();
  },
);
