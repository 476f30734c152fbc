import { OpenAI } from '@llamaindex/openai';
import { tool } from 'llamaindex';
import { z } from 'zod';
import { printed } from '../clients/printed.js';

const SKY = z.object({ sky: z.string() });

/** `node llamaindex.js BASE_URL chat|stream|tool|object TEXT` */
await printed(async ({ url: baseURL, session: how, text }, print) => {
  const llm = new OpenAI({ model: 'any', apiKey: 'none', baseURL });
  const messages = [{ role: 'user', content: text }];
  if (how === 'stream') {
    for await (const { delta } of await llm.chat({ messages, stream: true })) if (delta) print(delta);
  } else if (how === 'tool') {
    const parameters = z.object({ city: z.string() });
    const weather = tool({ name: 'weather', description: 'The weather.', parameters, execute: () => 'sunny' });
    const { message } = await llm.chat({ messages, tools: [weather] });
    const [{ name, input }] = message.options.toolCall;
    print(JSON.stringify({ name, input: typeof input === 'string' ? JSON.parse(input) : input }));
  } else if (how === 'object') {
    const { message } = await llm.chat({ messages, responseFormat: SKY });
    print(JSON.stringify(SKY.parse(JSON.parse(message.content))));
  } else {
    const { message, raw } = await llm.chat({ messages });
    print(message.content);
    // Not every agent counts tokens.
    if (raw.usage) print(` ${raw.usage.total_tokens}`);
  }
});
