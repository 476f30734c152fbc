import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { agentContext } from '../../testing/agent-contexts.ts';
import { replyOf } from '../../testing/replies.ts';
import { agentSchema, type CommandAgentConfig } from '../config.ts';
import { CommandAgent } from './command-agent.ts';

const CONTENT = [
  { type: 'text', text: 'what is this' },
  { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
] as const;

const SHOW =
  'cat; echo; test -z "$HERMES_CONTENT_FILE" || { stat -c %a "$HERMES_CONTENT_FILE"; cat "$HERMES_CONTENT_FILE"; }';

it('a command reads the parts of a message from a file of its own, and what people see of them on its stdin', async () => {
  const config = agentSchema.parse({ kind: 'command', command: ['sh', '-c', SHOW] }) as CommandAgentConfig;
  const context = agentContext();
  const agent = new CommandAgent(config, context);
  const request = { turn: 't', session: 's', text: 'what is this\n[image]' };
  expect(await replyOf(agent, { ...request, content: CONTENT })).toEqual({
    said: `what is this\n[image]\n600\n${JSON.stringify(CONTENT)}\n`,
    error: undefined,
  });
  expect(readdirSync(context.home).filter((name) => name.startsWith('.content'))).toEqual([]);
  expect((await replyOf(agent, request)).said).toBe('what is this\n[image]\n');
});
