import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { lacksPostgres, postgresSchema } from '@hermes/test-kit/postgres';
import { expect, it } from 'vitest';
import { startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';
import { modelServer, saying } from './testing/model-server.ts';

/** More than a plain message may have. */
const DATA = 'A'.repeat(2_000_000);
const CONTENT = [
  { type: 'text', text: 'what is in them' },
  { type: 'image_url', image_url: { url: `data:image/png;base64,${DATA}` } },
  { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' } },
];

const messagesIn = ({ body }: { readonly body: unknown }) => (body as { messages: unknown[] }).messages;

it.each(lacksPostgres() ? (['sqlite'] as const) : (['sqlite', 'postgres'] as const))(
  'the parts of a message reach the model, also as history after a kill, with a journal in %s',
  async (kind) => {
    const server = await modelServer(saying('A cat.'), saying('Black.'), saying('Yes.'));
    const home = temporaryDirectory();
    const agent = `agent: {kind: openai, base_url: '${server.baseUrl}', model: m, max_retries: 0}`;
    const { url, schema } = kind === 'postgres' ? await postgresSchema() : { url: '', schema: '' };
    const journal = kind === 'postgres' ? `journal: {kind: postgres, url_env: DATABASE_URL, schema: ${schema}}` : '';
    writeFileSync(join(home, 'config.yaml'), `${agent}\n${journal}\n`);
    const start = () => startGateway({ home, environment: { DATABASE_URL: url } });
    const first = await start();
    const message = { session: 's', message_id: 'm', content: CONTENT };
    const answer = await first.post(message);
    expect([answer.status, await bodyOf(answer)]).toMatchObject([200, { reply: 'A cat.' }]);
    expect(messagesIn(server.asked[0] ?? { body: {} })).toEqual([{ role: 'user', content: CONTENT }]);
    first.kill('SIGKILL');
    await first.exited;
    const second = await start();
    expect(await second.post(message).then(bodyOf)).toMatchObject({ reply: 'A cat.' });
    expect(await second.post({ session: 's', content: 'of what colour' }).then(bodyOf)).toMatchObject({
      reply: 'Black.',
    });
    expect(messagesIn(server.asked[1] ?? { body: {} })).toEqual([
      { role: 'user', content: CONTENT },
      { role: 'assistant', content: 'A cat.' },
      { role: 'user', content: 'of what colour' },
    ]);
    expect(server.asked).toHaveLength(2);
  },
);

it('parts that the agent does not take are refused with what to do, and only text is plain text', async () => {
  const gateway = await startGateway({ home: temporaryDirectory() });
  const refused = await gateway.post({ session: 's', content: CONTENT });
  expect([refused.status, await bodyOf(refused)]).toMatchObject([
    400,
    {
      code: 'invalid-request',
      detail: expect.stringMatching(/\(echo\) does not take images .* and files .*send text/),
    },
  ]);
  const content = [
    { type: 'text', text: 'hel' },
    { type: 'text', text: 'lo' },
  ];
  expect(await gateway.post({ session: 's', content }).then(bodyOf)).toMatchObject({ reply: 'hello' });
  for (const body of [{ session: 's' }, { session: 's', text: 'a', content: 'b' }, { session: 's', content: [{}] }])
    expect((await gateway.post(body)).status).toBe(400);
});
