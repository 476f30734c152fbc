import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { expect, it, vi } from 'vitest';
import { agentContext } from '../../testing/agent-contexts.ts';
import { replyOf } from '../../testing/replies.ts';
import { agentSchema, type CommandAgentConfig } from '../config.ts';
import { prepareIsolation } from '../isolation/isolation.ts';
import { CommandAgent } from './command-agent.ts';
import { removePromptLeftovers } from './prompt-file.ts';

const PAST = [
  { id: 'a', text: 'one\n', status: 'done', reply: 'One.', problem: null },
  { id: 'b', text: 'two', status: 'interrupted', reply: null, problem: 'Write again.' },
] as const;

const LINES = `{"role":"system","content":"Be Anna."}
{"role":"user","content":"one\\n","turn_id":"a"}
{"role":"assistant","content":"One.","turn_id":"a","status":"done"}
{"role":"user","content":"two","turn_id":"b"}
{"role":"assistant","content":"[The answer was interrupted before it was complete: Write again.]","turn_id":"b","status":"interrupted"}
`;

const READ = ['sh', '-c', 'stat -c %a "$HERMES_HISTORY_FILE" && cat "$HERMES_HISTORY_FILE"'];

const TRIAL = ['--unshare-user', '--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', 'true'];
const hasBwrap = !lacking('the Debian package bubblewrap, and user namespaces', runs('bwrap', ...TRIAL));

it.each(hasBwrap ? (['none', 'bwrap'] as const) : (['none'] as const))(
  'a command reads the history from a file of its own, which is gone afterwards, with isolation %s',
  async (isolation) => {
    const context = agentContext();
    const config = agentSchema.parse({ kind: 'command', command: READ, isolation }) as CommandAgentConfig;
    const agent = new CommandAgent(config, context, await prepareIsolation(config, context));
    const request = { turn: 't', session: 's', text: 'three', history: PAST, system: 'Be Anna.' };
    expect(await replyOf(agent, request)).toEqual({ said: `600\n${LINES}`, error: undefined });
    const files = () => readdirSync(context.home).filter((name) => name.startsWith('.history'));
    await vi.waitUntil(() => files().length === 0, { timeout: 60_000 });
  },
);

it('a turn that stands alone has no history', async () => {
  const config = agentSchema.parse({ kind: 'command', command: ['sh', '-c', 'echo "$HERMES_HISTORY_FILE"'] });
  const agent = new CommandAgent(config as CommandAgentConfig, agentContext());
  expect(await replyOf(agent, { turn: 't', session: 's', text: 'one' })).toMatchObject({ said: '\n' });
});

it('histories that a killed gateway left behind are removed, and other files stay', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, '.history-0d4cbd3e-6b3c-4f3a-9d35-4b7a7f0c2c11.jsonl'), 'secret');
  writeFileSync(join(directory, '.history-of-mine'), '');
  await removePromptLeftovers(directory);
  expect(readdirSync(directory)).toEqual(['.history-of-mine']);
});
