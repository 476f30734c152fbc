import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { lacksPostgres, postgresSchema } from '@hermes/test-kit/postgres';
import { describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../../testing/gateway-process.ts';
import { chunk, event, modelServer } from '../../testing/model-server.ts';

const BODY = JSON.stringify({ model: 'any', stream: true, messages: [{ role: 'user', content: 'hello' }] });

function ask(gateway: GatewayProcess): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'k', 'x-hermes-session-id': 's' };
  return fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body: BODY });
}

describe.skipIf(lacksPostgres())('two gateways of a model that share a journal', () => {
  it('stream the answer of a request as it grows, whichever of them asks the model', async () => {
    const ending = Promise.withResolvers<void>();
    const model = await modelServer(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk('one '));
      await ending.promise;
      response.end(chunk('two') + chunk(null, 'stop') + event('[DONE]'));
    });
    const { url, schema } = await postgresSchema();
    const start = (name: string) => {
      const home = temporaryDirectory();
      const agent = `agent: {kind: openai, base_url: '${model.baseUrl}', model: m}`;
      const journal = `journal: {kind: postgres, url_env: DATABASE_URL, schema: ${schema}, name: ${name}}`;
      writeFileSync(join(home, 'config.yaml'), `${agent}\n${journal}\n`);
      return startGateway({ home, environment: { DATABASE_URL: url } });
    };
    const [one, two] = [await start('one'), await start('two')];
    const first = await ask(one);
    const second = await ask(two);
    const reader = second.body?.pipeThrough(new TextDecoderStream()).getReader();
    let followed = (await reader?.read())?.value ?? '';
    expect(followed).toBe(chunk('one '));
    ending.resolve();
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) followed += next.value;
    expect(followed).toBe(await first.text());
    expect(await (await ask(two)).text()).toBe(followed);
    expect(followed).toBe(chunk('one ') + chunk('two') + chunk(null, 'stop') + event('[DONE]'));
    expect(model.asked).toHaveLength(1);
  });
});
