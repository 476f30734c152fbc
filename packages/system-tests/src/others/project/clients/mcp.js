import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { printed } from './printed.js';

await printed(async ({ url, text }, print) => {
  const client = new Client({ name: 'client', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
  const pieces = [];
  const onprogress = ({ message }) => {
    pieces.push(message);
    print(message);
  };
  const call = { name: 'research', arguments: { text } };
  const { content } = await client.callTool(call, { onprogress, timeout: 600_000, resetTimeoutOnProgress: true });
  const [{ text: whole }] = content;
  if (whole !== pieces.join('')) throw new Error(`expected the result ${pieces.join('')}, found ${whole}`);
  await client.close();
});
