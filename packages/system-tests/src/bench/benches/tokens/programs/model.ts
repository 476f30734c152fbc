/** `model PORT`: a model server that streams a token every 20 ms, for 4 s. */
import { writeSync } from 'node:fs';
import { createServer } from 'node:http';

const TOKENS = 200;
const EVERY_MS = 20;

function chunk(choice: object): string {
  const choices = [{ index: 0, logprobs: null, finish_reason: null, ...choice }];
  const body = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'm', choices };
  return `data: ${JSON.stringify(body)}\n\n`;
}

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let sent = 0;
    const timer = setInterval(() => {
      sent += 1;
      if (sent <= TOKENS) response.write(chunk({ delta: { content: ` token${sent}` } }));
      else response.end(`${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`);
    }, EVERY_MS);
    response.on('close', () => clearInterval(timer));
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  writeSync(Number(process.env['HERMES_NOTIFY_FD']), '\n');
});
