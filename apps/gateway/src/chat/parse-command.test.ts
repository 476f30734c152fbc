import { expect, it } from 'vitest';
import { parseCommand } from './parse-command.ts';

it.each<[text: string, name: string, argument: string]>([
  ['/stop', 'stop', ''],
  [' /STOP \n', 'stop', ''],
  ['/stop@my_bot', 'stop', ''],
  ['/Stop@My_Bot  ', 'stop', ''],
  ['/drain update at\nnoon ', 'drain', 'update at\nnoon'],
  ['/drain@my_bot why', 'drain', 'why'],
  ['/new and what follows', 'new', 'and what follows'],
])('%j is the command %s with %j', (text, name, argument) => {
  expect(parseCommand(text, 'my_bot')).toEqual({ name, argument });
});

it.each([
  '',
  '/',
  'stop',
  'please /stop',
  '/stopping',
  '/stop@other_bot',
  '/ stop',
  '/model',
  '/constructor',
  '/stop/x',
])('%j is text for the agent', (text) => {
  expect(parseCommand(text, 'my_bot')).toBeUndefined();
});

it('any addressee fits where the channel does not know its name', () => {
  expect(parseCommand('/help@some_bot')).toEqual({ name: 'help', argument: '' });
});
