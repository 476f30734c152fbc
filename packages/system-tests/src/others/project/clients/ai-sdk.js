import { DefaultChatTransport } from 'ai';
import { printed } from './printed.js';

await printed(async ({ url, session, text }, print) => {
  const messages = [{ id: '1', role: 'user', parts: [{ type: 'text', text }] }];
  const transport = new DefaultChatTransport({ api: `${url}/api/chat` });
  const chunks = await transport.sendMessages({ chatId: session, messages, trigger: 'submit-message' });
  for await (const chunk of chunks) if (chunk.type === 'text-delta') print(chunk.delta);
});
