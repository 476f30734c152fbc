import { MastraClient } from '@mastra/client-js';
import { printed } from './printed.js';

await printed(async ({ url, session, text }, print) => {
  const agent = new MastraClient({ baseUrl: url, retries: 0 }).getAgent('helper');
  const stream = await agent.stream(text, { memory: { thread: session, resource: session } });
  const onChunk = async ({ type, payload }) => type === 'text-delta' && print(payload.text);
  await stream.processDataStream({ onChunk });
});
