import { describe, expect, it } from 'vitest';
import { commandsLike } from './commands.ts';
import { isShownPlain } from './markdown.ts';
import { messageBody } from './message-body.ts';
import { pictureProblem } from './pictures.ts';
import { isSessionName, parseSessions, removed, used } from './session-list.ts';

describe('messageBody', () => {
  const message = { session: 's', messageId: 'm', text: 'hello', pictures: [] };
  const picture = { name: 'a.png', url: 'data:image/png;base64,AA==' };
  const image = { type: 'image_url', image_url: { url: picture.url } };

  it('is a text without pictures', () => {
    expect(messageBody(message)).toEqual({ session: 's', message_id: 'm', text: 'hello' });
  });

  it('is parts with pictures, and a text only if there is one', () => {
    const content = [{ type: 'text', text: 'hello' }, image];
    expect(messageBody({ ...message, pictures: [picture] })).toEqual({ session: 's', message_id: 'm', content });
    expect(messageBody({ ...message, text: '', pictures: [picture] })).toMatchObject({ content: [image] });
  });
});

describe('the list of sessions', () => {
  it('has the last used one first, and keeps its first title', () => {
    let list = used([], 'a', '  first\n message ', 1);
    list = used(list, 'b', 'x'.repeat(100), 2);
    list = used(list, 'a', 'second', 3);
    expect(list).toEqual([
      { id: 'a', title: 'first message', usedAt: 3 },
      { id: 'b', title: `${'x'.repeat(59)}…`, usedAt: 2 },
    ]);
    expect(removed(list, 'a').map(({ id }) => id)).toEqual(['b']);
  });

  it('is bounded', () => {
    let list = used([], 'a', '', 0);
    for (let count = 1; count < 200; count++) list = used(list, `s${count}`, '', count);
    expect([list.length, list[0]?.id]).toEqual([100, 's199']);
  });

  it.each([null, '', '{}', '[1,null,{"id":1}]', '[{"id":"","title":"","usedAt":1}]', '[{"id":"a"}]', 'x'])(
    'is empty for what is not a list: %s',
    (text) => expect(parseSessions(text)).toEqual([]),
  );

  it('has only names that the gateway takes', () => {
    expect([null, '', 'a'.repeat(201), 'a', 'telegram:1'].map(isSessionName)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});

describe('pictureProblem', () => {
  const png = { name: 'a.png', type: 'image/png', size: 10 };
  it.each([
    [png, 0, null],
    [png, 4, /4 pictures at most/],
    [{ ...png, type: 'image/svg+xml' }, 0, /not a picture/],
    [{ ...png, size: 11 * 1_048_576 }, 0, /larger than 10 MiB/],
  ])('%j with %i', (file, attached, problem) => {
    const found = pictureProblem(file, attached);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatch(problem);
  });
});

describe('isShownPlain', () => {
  it.each([
    '> '.repeat(10_000),
    '- '.repeat(60),
    '['.repeat(60),
    '1. '.repeat(60),
    'a*'.repeat(5_000),
    'x'.repeat(60_001),
  ])('is true for what a parser cannot take: %.20s', (text) => expect(isShownPlain(text)).toBe(true));

  it.each(['hello', '---', '> > quote', '**bold**', `a\n${'-'.repeat(80)}\nb`, '| a | b |\n| --- | --- |'])(
    'is false for usual text: %j',
    (text) => expect(isShownPlain(text)).toBe(false),
  );
});

it('commands are offered while they are typed', () => {
  const names = (text: string) => commandsLike(text).map(([name]) => name);
  expect([names('/'), names('/s'), names('/stop'), names('stop'), names('/x')]).toEqual([
    ['/help', '/status', '/stop', '/new'],
    ['/status', '/stop'],
    [],
    [],
    [],
  ]);
});
