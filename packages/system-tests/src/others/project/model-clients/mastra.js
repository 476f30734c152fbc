import { Agent } from '@mastra/core/agent';
import { createTool } from '@mastra/core/tools';
import { z } from 'zod';
import { printed } from '../clients/printed.js';

const SKY = z.object({ sky: z.string() });

/** `node mastra.js BASE_URL chat|stream|tool|object TEXT` */
await printed(async ({ url, session: how, text }, print) => {
  const weather = createTool({
    id: 'weather',
    description: 'The weather.',
    inputSchema: z.object({ city: z.string() }),
    execute: async (input) => print(JSON.stringify({ name: 'weather', input })) && 'sunny',
  });
  const model = { id: 'custom/any', url, apiKey: 'none' };
  const tools = how === 'tool' ? { weather } : {};
  const agent = new Agent({ id: 'helper', name: 'helper', instructions: 'Be brief.', model, tools });
  if (how === 'stream') {
    const output = await agent.stream(text);
    for await (const piece of output.textStream) print(piece);
    // The stream of an answer that was cut off ends like any other.
    if (output.error) throw output.error;
  } else if (how === 'object') {
    const { object } = await agent.generate(text, { structuredOutput: { schema: SKY } });
    print(JSON.stringify(object));
  } else if (how === 'tool') {
    await agent.generate(text);
  } else {
    const { text: said, usage } = await agent.generate(text);
    print(said);
    // Not every agent counts tokens.
    if (usage.totalTokens) print(` ${usage.totalTokens}`);
  }
});
