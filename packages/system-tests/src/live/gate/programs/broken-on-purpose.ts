// Tests that break with a container in the middle of something. Run by leftovers.test.ts; writes down what it has
// booted, a line of JSON each.
import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Container } from '../../container/container.ts';
import { Volume } from '../../container/volume.ts';
import { send } from '../people.ts';
import { published } from '../publication.ts';
import { useStage } from '../stage.ts';
import { untilAccepting } from '../until.ts';

const BOOTED = process.env.BOOTED ?? '/dev/null';

const stage = useStage({ turn: 60_000 });

test('fails in the middle of a turn', async () => {
  void send(stage.url, { session: 's', text: 'never answered', message_id: 'm' });
  await stage.published((state) => state.active_agents === 1);
  appendFileSync(BOOTED, `${stage.container.pid}\n`);
  expect('this').toBe('that');
});

test('hangs in the middle of a turn, with a container that nobody will ever dispose of', {
  timeout: 45_000,
}, async () => {
  const volume = await Volume.create();
  await volume.addProfile('default', { intent: 'running', turn: 60_000 });
  const container = await Container.boot({ volume });
  await untilAccepting(volume.url());
  void send(volume.url(), { session: 's', text: 'never answered', message_id: 'm' });
  await published(volume.home(), (state) => state.active_agents === 1);
  appendFileSync(BOOTED, `${container.pid}\n`);
  await new Promise(() => undefined);
});
