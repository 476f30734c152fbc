import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellLine } from '@hermes/drain-contract';
import { expect, test } from 'vitest';
import { DRAINCTL, drainctl } from './drainctl-process.ts';
import { Testbed } from './testbed.ts';

/** Runs the options of `drainctl` that a message asks for, and answers with what came of it; or is busy for a while. */
const TOOL = `
read -r text
if [ "$text" = busy ]; then sleep 3; echo done; exit; fi
if [ "$text" = both ]; then drainctl begin --json; text=wait; fi
drainctl $text --json
echo "exit $?"
`;

/** A gateway whose agent runs `drainctl`. */
async function testbedWithTool(stack: AsyncDisposableStack): Promise<Testbed> {
  const directory = await mkdtemp(join(tmpdir(), 'hermes-tool-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const tool = join(directory, 'tool.sh');
  const testbed = stack.use(await Testbed.start({ agent: `{ kind: command, command: [sh, ${tool}] }` }));
  const command = `drainctl() { ${shellLine([process.execPath, DRAINCTL])} "$@"; }`;
  const target = `export HERMES_HOME=${testbed.home} DRAINCTL_URL=${testbed.dashboard.url}`;
  await writeFile(tool, `${command}\n${target}\n${TOOL}`);
  return testbed;
}

test('a tool that would wait for its own turn hears so at once, before anything is begun', async () => {
  await using stack = new AsyncDisposableStack();
  const testbed = await testbedWithTool(stack);
  for (const text of ['begin --wait', 'run --reason x -- true']) {
    const { reply } = (await testbed.client.say('anna', `${text}\n`)).body;
    expect(reply).toMatch(/exit 13\n$/);
  }
  const { reply } = (await testbed.client.say('anna', 'begin --wait\n')).body;
  expect(reply).toMatch(/"result": "self"(.|\n)*use begin without --wait, or add --except-own-turn/);
  expect((await testbed.client.untilDrained(0)).body).toMatchObject({ verdict: { active: false } });
});

test('a tool that waits for a drain that is in force hears the same; the drain stays', async () => {
  await using stack = new AsyncDisposableStack();
  const testbed = await testbedWithTool(stack);
  const { reply } = (await testbed.client.say('anna', 'both\n')).body;
  expect(reply).toMatch(/"result": "begun"(.|\n)*"result": "self"(.|\n)*exit 13\n$/);
  expect(await drainctl(testbed, 'wait', '--deadline', '30s')).toMatchObject({ code: 0 });
});

test('with --except-own-turn it is drained when the turn of the tool alone is left', async () => {
  await using stack = new AsyncDisposableStack();
  const testbed = await testbedWithTool(stack);
  await testbed.client.sayLater('ben', 'busy\n');
  await expect.poll(async () => (await testbed.client.status()).body.active_agents).toBe(1);
  const { reply } = (await testbed.client.say('anna', 'begin --wait --except-own-turn\n')).body;
  expect(reply).toMatch(/"result": "drained-but-own"(.|\n)*"active_agents": 1(.|\n)*exit 0\n$/);
  expect(reply).not.toContain('"session": "ben"');
  expect(await drainctl(testbed, 'wait', '--deadline', '30s')).toMatchObject({ code: 0 });
});
