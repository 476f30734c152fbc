import { eventually } from '@hermes/test-kit/eventually';
import { expect, onTestFinished, test } from 'vitest';
import { DocumentedServer } from './documented-server.ts';

/** A connected client, and what it was sent. */
async function connect(server: DocumentedServer, session: string) {
  const url = (await server.url()).replace('http', 'ws');
  const socket = new WebSocket(`${url}/?session=${session}`);
  onTestFinished(() => socket.close());
  const received: unknown[] = [];
  socket.addEventListener('message', ({ data }) => received.push(JSON.parse(data)));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  return { socket, received };
}

test('the WebSocket server in docs/embed.md refuses messages in a drain, and keeps connections and running turns', async () => {
  await using server = await DocumentedServer.start('WebSocket');
  const { model, operator } = server;
  const [anna, ben] = [await connect(server, 'anna'), await connect(server, 'ben')];
  anna.socket.send('long');
  await model.send('long', 'once ');
  await eventually(() => expect(anna.received).toEqual([{ piece: 'once ' }]));
  await operator.beginDrain({ reason: 'new version' });
  ben.socket.send('hello');
  await eventually(() => expect(ben.received).toMatchObject([{ refused: expect.stringContaining('new version') }]));
  await model.finish('long', 'upon a time');
  await eventually(() => expect(anna.received.at(-1)).toEqual({ done: true }));
  expect((await operator.untilDrained()).body).toMatchObject({ safe_to_stop: true });
  await operator.cancelDrain();
  ben.socket.send('again');
  await model.finish('again', 'hi');
  await eventually(() => expect(ben.received.slice(1)).toEqual([{ piece: 'hi' }, { done: true }]));

  anna.socket.send('left');
  await model.send('left', 'once ');
  await eventually(async () => expect(await server.state()).toMatchObject({ active_agents: 1 }));
  anna.socket.close();
  await eventually(async () => expect(await server.state()).toMatchObject({ active_agents: 0 }));
  server.program.child.kill('SIGTERM');
  expect(await server.program.exited).toEqual({ code: null, signal: 'SIGTERM' });
});
