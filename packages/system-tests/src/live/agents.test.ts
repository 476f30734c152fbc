import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Testbed } from './testbed.ts';

test('a gateway whose agent is another gateway answers, and says in plain words that the other one drains', async () => {
  await using model = await Testbed.start({ turn: 200 });
  const agent = `{ kind: openai, base_url: "${model.gateway.url}/v1", model: hermes, max_retries: 0 }`;
  await using testbed = await Testbed.start({ dashboard: false, agent });
  expect((await testbed.client.say('anna', 'one two three')).body).toMatchObject({
    status: 'done',
    reply: 'one two three',
  });

  await model.client.beginDrain();
  const refused = await testbed.client.say('anna', 'hello');
  expect(refused).toMatchObject({
    status: 422,
    body: { code: 'turn-failed', detail: expect.stringContaining('drain') },
  });
  await model.client.cancelDrain();
  expect((await testbed.client.say('anna', 'hello again')).body).toMatchObject({ reply: 'hello again' });
});

test('a command answers, and nothing of it is left when its gateway is stopped in the middle', async () => {
  const nap = `3600.${process.pid}`;
  const script = `read line; echo "heard: $line"; if [ "$line" = stay ]; then sleep ${nap} & wait; fi`;
  const agent = `{ kind: command, command: [sh, -c, '${script.replaceAll("'", "''")}'], kill_after: 1 }`;
  await using testbed = await Testbed.start({ dashboard: false, grace: 0, agent });
  expect((await testbed.client.say('anna', 'hello\n')).body).toMatchObject({ status: 'done', reply: 'heard: hello\n' });

  const { body } = await testbed.client.sayLater('anna', 'stay\n');
  await expect.poll(async () => (await testbed.client.turn(body.turn_id)).body.status).toBe('running');
  // The turn runs from the moment that is stored, its command a little later.
  await expect.poll(() => runningCommands().filter((command) => command.includes(nap))).not.toEqual([]);
  expect(await testbed.gateway.program.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  expect(runningCommands().filter((command) => command.includes(nap))).toEqual([]);
  await testbed.startGateway();
  expect((await testbed.client.turn(body.turn_id)).body).toMatchObject({ status: 'interrupted' });
});

test('a turn that says nothing for too long shows as stalled, by its session', { timeout: 120_000 }, async () => {
  await using testbed = await Testbed.start({ turn: 600_000, grace: 0, config: 'stall_after: 1\n' });
  await testbed.client.sayLater('anna', 'silence');
  const work = async () => (await testbed.client.status()).body.active_work;
  await expect.poll(work).toMatchObject([{ session: 'anna', stalled: false }]);
  await expect.poll(work, { timeout: 120_000 }).toMatchObject([{ session: 'anna', stalled: true }]);
});

function runningCommands(): string[] {
  return globSync('/proc/[0-9]*/cmdline').map((file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  });
}
