import { expect, it } from 'vitest';
import { forwardingGateway } from './testing/forwarding-gateway.ts';
import { chunk, saying, streaming } from './testing/model-server.ts';

/** Far more than a busy machine takes to send a piece. */
const AGENT = 'stall_timeout: 3';

it('a model server that stalls in the middle of an answer: what came stays, and the next message goes on', async () => {
  const answers: Parameters<typeof forwardingGateway>[0] = [streaming([chunk('First, ')], 'hang'), saying('Second.')];
  const { gateway, model, post } = await forwardingGateway(answers, { agent: AGENT });
  const send = (text: string) => post({ session: 'anna', text, message_id: text }, {}, '/v1/messages');
  const failed = await send('go on');
  expect(failed.status).toBe(422);
  const problem = (await failed.json()) as Record<string, string>;
  expect(problem).toMatchObject({
    code: 'turn-failed',
    detail: expect.stringContaining('sent nothing for 3 s after 7 characters of its answer; send a new message'),
    partial_reply: 'First, ',
  });
  const found = await fetch(`${gateway.url}/v1/turns/${problem.turn_id}`);
  expect(await found.json()).toMatchObject({ status: 'failed', partial_reply: 'First, ' });
  const past = await fetch(`${gateway.url}/v1/sessions/anna/turns`);
  expect(await past.json()).toMatchObject({ turns: [{ status: 'failed', partial_reply: 'First, ' }] });

  expect(await (await send('and then?')).json()).toMatchObject({ reply: 'Second.' });
  const answer = expect.stringMatching(/^First, \n\n\[The answer failed: The model server sent nothing/);
  expect(model.asked[1]?.body).toMatchObject({
    messages: [{ content: 'go on' }, { content: answer }, { content: 'and then?' }],
  });
});

it('a client of a forwarded stream that stalls gets what came, and then an error', async () => {
  const { client } = await forwardingGateway([streaming([chunk('First, ')], 'hang')], { agent: AGENT });
  const stream = await client.chat.completions.create({
    model: 'm',
    stream: true,
    messages: [{ role: 'user', content: 'go on' }],
  });
  let said = '';
  const read = (async () => {
    for await (const piece of stream) said += piece.choices[0]?.delta.content ?? '';
  })();
  await expect(read).rejects.toThrow('sent nothing for 3 s in the middle of its answer');
  expect(said).toBe('First, ');
});
