import { expect, it } from 'vitest';
import { failingJournal } from '../testing/failing-journal.ts';
import { announcement } from '../testing/journals.ts';
import { ScriptedChannel } from '../testing/scripted-channel.ts';
import { ChannelStatuses } from './channel-statuses.ts';

it('tells how each channel is doing, with its deliveries', async () => {
  const channel = new ScriptedChannel();
  const { journal, trouble } = failingJournal();
  let changes = 0;
  const statuses = new ChannelStatuses([channel], journal, () => {
    changes += 1;
  });
  await journal.announce(announcement('s', 'a', ['x']));
  await statuses.refresh();
  channel.health.become('rejected', 'the token is wrong');
  const expected = { name: 'x', state: 'rejected', problem: 'the token is wrong', waiting: 1, given_up: 0 };
  expect(statuses.all).toEqual([{ ...expected, since: expect.any(String) }]);
  expect(changes).toBe(1);
  trouble.failures.set('countDeliveries', 1);
  await statuses.refresh();
  expect(statuses.all).toMatchObject([{ waiting: 1 }]);
});
