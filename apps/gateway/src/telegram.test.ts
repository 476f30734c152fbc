import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { lacksPostgres, postgresSchema } from '@hermes/test-kit/postgres';
import { expect, it } from 'vitest';
import { BotApiServer, hang, TOKEN } from './testing/bot-api-server.ts';
import { startGateway } from './testing/gateway-process.ts';
import { type Answer, modelServer, saying } from './testing/model-server.ts';

const ANNA = { id: 7, type: 'private' };

/** A home whose bot asks a model, with a journal of this kind, and what starts a gateway there. */
async function botHome(kind: 'sqlite' | 'postgres', answers: [Answer, ...Answer[]]) {
  const server = new BotApiServer();
  await server.listen();
  const model = await modelServer(...answers);
  const home = temporaryDirectory();
  const { url, schema } = kind === 'postgres' ? await postgresSchema() : { url: '', schema: '' };
  const journal = kind === 'postgres' ? `journal: {kind: postgres, url_env: DATABASE_URL, schema: ${schema}}\n` : '';
  const agent = `agent: {kind: openai, base_url: '${model.baseUrl}', model: m, max_retries: 0}`;
  const config = `${agent}\n${journal}telegram: {token_env: BOT, api_root: '${server.url}'}\n`;
  writeFileSync(join(home, 'config.yaml'), config);
  const start = () => startGateway({ home, environment: { DATABASE_URL: url, BOT: TOKEN } });
  const asked = () =>
    model.asked.map(({ body }) => (body as { messages: { role: string; content: unknown }[] }).messages);
  return { server, start, asked };
}

const journals = lacksPostgres() ? (['sqlite'] as const) : (['sqlite', 'postgres'] as const);

it.each(journals)(
  'an edited message that waits is answered as it was edited, a running one is not, with %s',
  async (kind) => {
    const release = Promise.withResolvers<void>();
    const first: Answer = async (response, ...rest) => {
      await release.promise;
      return saying('One.')(response, ...rest);
    };
    const { server, start, asked } = await botHome(kind, [first, saying('Two.')]);
    await start();
    const edit = (update: number, message: number, text: string) =>
      server.update(update, { edited_message: { message_id: message, date: 1, chat: ANNA, from: { id: 7 }, text } });
    server.message(1, 7, 'running');
    server.message(2, 7, 'wating');
    await eventually(() => expect(asked()).toHaveLength(1));
    edit(3, 10, 'too late');
    edit(4, 20, 'waiting');
    await eventually(() => expect(server.unconfirmed).toEqual([]));
    release.resolve();
    await eventually(() => expect(server.said(7)).toEqual(['One.', 'Two.']));
    expect(asked().map((messages) => messages.at(-1)?.content)).toEqual(['running', 'waiting']);
  },
);

it.each(journals)('an edit adds a photo to a message that waits, and takes one away, with %s', async (kind) => {
  const release = Promise.withResolvers<void>();
  const first: Answer = async (response, ...rest) => {
    await release.promise;
    return saying('One.')(response, ...rest);
  };
  const { server, start, asked } = await botHome(kind, [first, saying('Two.'), saying('Three.')]);
  server.files.set('f', Buffer.from('fern'));
  server.files.set('g', Buffer.from('grass'));
  await start();
  const edit = (update: number, message: number, content: object) =>
    server.update(update, {
      edited_message: { message_id: message, date: 1, chat: ANNA, from: { id: 7 }, ...content },
    });
  server.message(1, 7, 'running');
  await eventually(() => expect(asked()).toHaveLength(1));
  server.message(2, 7, 'what is this?');
  server.post(3, ANNA, { photo: [{ file_id: 'f' }], caption: 'and this?' });
  edit(4, 20, { photo: [{ file_id: 'g' }], caption: 'what plant?' });
  edit(5, 30, { text: 'never mind' });
  edit(6, 10, { photo: [{ file_id: 'g' }], caption: 'too late' });
  await eventually(() => expect(server.unconfirmed).toEqual([]));
  release.resolve();
  await eventually(() => expect(server.said(7)).toEqual(['One.', 'Two.', 'Three.']));
  const url = `data:image/jpeg;base64,${Buffer.from('grass').toString('base64')}`;
  expect(asked().map((messages) => messages.at(-1)?.content)).toEqual([
    'running',
    [
      { type: 'text', text: 'what plant?' },
      { type: 'image_url', image_url: { url } },
    ],
    'never mind',
  ]);
});

it('a part of an album that comes after a restart is a message of its own, also when the others come again', async () => {
  const { server, start, asked } = await botHome('sqlite', [saying('One.'), saying('Two.'), saying('Three.')]);
  for (const id of ['a', 'b', 'c', 'd']) server.files.set(id, Buffer.from(id));
  const part = (id: string) => ({ media_group_id: 'g', photo: [{ file_id: id }] });
  // The third request confirms the album: it is lost with the gateway.
  server.faults.getUpdates = [undefined, undefined, hang];
  server.post(1, ANNA, part('a'));
  server.post(2, ANNA, part('b'));
  const first = await start();
  await eventually(() => expect(server.said(7)).toEqual(['One.']));
  await eventually(() => expect(server.faults.getUpdates).toEqual([]));
  first.kill('SIGKILL');
  await first.exited;
  server.post(3, ANNA, part('c'));
  const second = await start();
  await eventually(() => expect(asked()).toHaveLength(2));
  await eventually(() => expect(server.unconfirmed).toEqual([]));
  second.kill('SIGTERM');
  await second.exited;
  await start();
  server.post(4, ANNA, part('d'));
  await eventually(() => expect(asked()).toHaveLength(3));
  expect(asked().map(albumIn)).toEqual([['a', 'b'], ['c'], ['d']]);
});

/** The photos and captions of an album, as the model got them. */
function albumIn(messages: readonly { content: unknown }[] | undefined) {
  const content = (messages?.at(-1)?.content ?? []) as { text?: string; image_url?: { url: string } }[];
  const photo = (url: string) => Buffer.from(url.replace(/^.*,/, ''), 'base64').toString();
  return content.map(({ text, image_url: image }) => (image ? photo(image.url) : text));
}

it.each(journals)(
  'an edit of a part of an album that waits replaces that part, also after a restart; of a running one it does not, with %s',
  async (kind) => {
    const release = Promise.withResolvers<void>();
    const first: Answer = async (response, ...rest) => {
      await release.promise;
      return saying('One.')(response, ...rest);
    };
    const { server, start, asked } = await botHome(kind, [first, first, saying('Two.'), saying('Three.')]);
    for (const id of ['a', 'b', 'c', 'd', 'e']) server.files.set(id, Buffer.from(id));
    const part = (id: string, group: string, caption?: string) => ({
      media_group_id: group,
      photo: [{ file_id: id }],
      ...(caption !== undefined && { caption }),
    });
    const edit = (update: number, message: number, content: object) =>
      server.update(update, {
        edited_message: { message_id: message, date: 1, chat: ANNA, from: { id: 7 }, ...content },
      });
    const gateway = await start();
    server.post(1, ANNA, part('a', 'running'));
    await eventually(() => expect(asked()).toHaveLength(1));
    server.post(2, ANNA, part('b', 'waiting', 'what are thees?'));
    server.post(3, ANNA, part('c', 'waiting'));
    await eventually(() => expect(server.unconfirmed).toEqual([]));
    // A part that comes late waits on its own.
    server.post(4, ANNA, part('d', 'waiting'));
    edit(5, 20, part('b', 'waiting', 'what are these?'));
    edit(6, 10, part('e', 'running', 'too late'));
    await eventually(() => expect(server.unconfirmed).toEqual([]));
    gateway.kill('SIGKILL');
    await gateway.exited;
    await start();
    await eventually(() => expect(asked()).toHaveLength(2));
    edit(7, 30, part('e', 'waiting', 'and this?'));
    edit(8, 40, part('d', 'waiting', 'this one is late'));
    edit(9, 990, part('a', 'unknown', 'never seen'));
    await eventually(() => expect(server.unconfirmed).toEqual([]));
    release.resolve();
    await eventually(() => expect(server.said(7)).toEqual(['One.', 'Two.', 'Three.']));
    expect(asked().map(albumIn)).toEqual([
      ['a'],
      ['a'],
      ['what are these?', 'b', 'and this?', 'e'],
      ['this one is late', 'd'],
    ]);
  },
);

it('a part of an album in a group that comes after a restart is for the bot if the album was', async () => {
  const { server, start, asked } = await botHome('sqlite', [saying('One.'), saying('Two.'), saying('Three.')]);
  for (const id of ['a', 'b', 'c', 'd']) server.files.set(id, Buffer.from(id));
  const forum = { id: -9, type: 'supergroup', is_forum: true };
  const topic = { is_topic_message: true, message_thread_id: 55 };
  const part = (id: string, group: string, more = {}) => ({
    ...topic,
    media_group_id: group,
    photo: [{ file_id: id }],
    ...more,
  });
  const mention = { caption: '@b_bot see', caption_entities: [{ type: 'mention', offset: 0, length: 6 }] };
  const first = await start();
  server.post(1, forum, part('a', 'ours', mention));
  server.post(2, forum, part('b', 'theirs'));
  await eventually(() => expect(server.said(-9)).toEqual(['One.']));
  await eventually(() => expect(server.unconfirmed).toEqual([]));
  first.kill('SIGTERM');
  await first.exited;
  await start();
  server.post(3, forum, part('c', 'theirs'));
  server.post(4, forum, part('d', 'ours'));
  await eventually(() => expect(server.said(-9)).toEqual(['One.', 'Two.']));
  await eventually(() => expect(server.unconfirmed).toEqual([]));
  expect(asked().map(albumIn)).toEqual([['see', 'a'], ['d']]);
});

it('a photo reaches the model, and a topic is a conversation of its own, also after a restart', async () => {
  const { server, start, asked } = await botHome('sqlite', [saying('A fern.'), saying('Yes.'), saying('No.')]);
  server.files.set('f', Buffer.from('fern'));
  const first = await start();
  const forum = { id: -9, type: 'supergroup', is_forum: true };
  const topic = { is_topic_message: true, message_thread_id: 55 };
  const mention = { entities: [{ type: 'mention', offset: 0, length: 6 }] };
  server.post(1, forum, {
    ...topic,
    photo: [{ file_id: 'f' }],
    caption: '@b_bot what plant?',
    caption_entities: mention.entities,
  });
  await eventually(() => expect(server.said(-9)).toEqual(['A fern.']));
  // A kill between the sending and its record would send the answer again.
  first.kill('SIGTERM');
  await first.exited;
  await start();
  server.post(2, forum, { ...mention, text: '@b_bot is it General?' });
  await eventually(() => expect(server.said(-9)).toEqual(['A fern.', 'Yes.']));
  server.post(3, forum, { ...mention, ...topic, text: '@b_bot is it green?' });
  await eventually(() => expect(server.said(-9)).toEqual(['A fern.', 'Yes.', 'No.']));
  const url = `data:image/jpeg;base64,${Buffer.from('fern').toString('base64')}`;
  const photo = {
    role: 'user',
    content: [
      { type: 'text', text: 'what plant?' },
      { type: 'image_url', image_url: { url } },
    ],
  };
  expect(asked()).toEqual([
    [photo],
    [{ role: 'user', content: 'is it General?' }],
    [photo, { role: 'assistant', content: 'A fern.' }, { role: 'user', content: 'is it green?' }],
  ]);
  const threads = server.callsOf('sendMessage').map(({ payload }) => payload.message_thread_id);
  expect(threads).toEqual([55, undefined, 55]);
});

it.each(journals)('a group that becomes a supergroup continues its conversation, with %s', async (kind) => {
  const { server, start, asked } = await botHome(kind, [saying('One.'), saying('Two.')]);
  await start();
  const command = { entities: [{ type: 'bot_command', offset: 0, length: 4 }] };
  server.post(1, { id: -5, type: 'group' }, { ...command, text: '/ask one' });
  await eventually(() => expect(server.said(-5)).toEqual(['One.']));
  server.post(2, { id: -5, type: 'group' }, { migrate_to_chat_id: -1005 });
  server.post(3, { id: -1005, type: 'supergroup' }, { ...command, text: '/ask two' });
  await eventually(() => expect(server.said(-1005)).toEqual(['Two.']));
  expect(asked()[1]?.map(({ content }) => content)).toEqual(['/ask one', 'One.', '/ask two']);
});

it('an agent of plain text answers a photo with what it takes', async () => {
  const server = new BotApiServer();
  await server.listen();
  server.files.set('f', Buffer.from('fern'));
  const home = temporaryDirectory();
  writeFileSync(join(home, 'config.yaml'), `telegram: {token_env: BOT, api_root: '${server.url}'}\n`);
  await startGateway({ home, environment: { BOT: TOKEN } });
  server.post(1, ANNA, { photo: [{ file_id: 'f' }] });
  await eventually(() => expect(server.said(7)).toEqual([expect.stringMatching(/\(echo\) does not take images/)]));
});

it('an edit of a message that was not for the bot is not answered, and its file stays where it is', async () => {
  const { server, start, asked } = await botHome('sqlite', [saying('One.')]);
  server.files.set('a', Buffer.from('a'));
  const group = { id: -9, type: 'supergroup' };
  const from = { id: 7, is_bot: false, first_name: 'P' };
  const edited = (message: number, content: object) => ({
    edited_message: { message_id: message, date: 1, chat: group, from, ...content },
  });
  await start();
  const large = { document: { file_id: 'b', file_name: 'film.zip', file_size: 1_000_000_000 } };
  server.update(1, edited(10, { caption: 'ours', ...large }));
  server.update(2, edited(20, { media_group_id: 'g', photo: [{ file_id: 'a' }] }));
  server.post(3, group, { text: '/help@b_bot', entities: [{ type: 'bot_command', offset: 0, length: 11 }] });
  await eventually(() => expect(server.said(-9)).not.toEqual([]));
  await eventually(() => expect(server.unconfirmed).toEqual([]));
  expect(server.said(-9)).toEqual([expect.not.stringContaining('too large')]);
  expect([server.callsOf('getFile', 'file'), asked()]).toEqual([[], []]);
});
