import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { lacksPostgres, postgresSchema } from '@hermes/test-kit/postgres';
import { describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from './testing/gateway-process.ts';
import { bodyOf } from './testing/http-gateway.ts';
import { modelServer, saying, silence } from './testing/model-server.ts';

interface ChatMessage {
  readonly content: string;
}

async function ask(gateway: GatewayProcess, text: string, more: object = {}): Promise<Record<string, unknown>> {
  return bodyOf(await gateway.post({ session: 's', text, ...more }));
}

describe.skipIf(lacksPostgres())('gateways that share a journal', () => {
  it('share the history of a session, its commands and its new beginnings, also after a kill', async () => {
    const place = await postgresSchema();
    const server = await modelServer(saying('One.'), silence, saying('Two.'), saying('Three.'));
    const start = async (name: string): Promise<GatewayProcess> => {
      const home = temporaryDirectory();
      const journal = ['journal:', '  kind: postgres', `  schema: ${place.schema}`, `  name: ${name}`];
      const agent = ['agent:', '  kind: openai', `  base_url: ${server.baseUrl}`, '  model: m'];
      writeFileSync(join(home, 'config.yaml'), [...journal, ...agent, ''].join('\n'));
      return startGateway({ home, environment: { DATABASE_URL: place.url } });
    };
    const [a, b] = [await start('a'), await start('b')];
    const sent = (index: number) =>
      server.asked
        .slice(index, index + 1)
        .flatMap(({ body }) => (body as { messages: ChatMessage[] }).messages)
        .map(({ content }) => content);
    expect(await ask(a, 'one')).toMatchObject({ reply: 'One.' });
    const cut = ask(a, 'cut');
    await server.untilAsked(2);
    expect(await ask(b, '/status')).toMatchObject({ reply: expect.stringContaining('a task runs since') });
    expect(await ask(b, '/stop', { message_id: 'm' })).toMatchObject({ reply: 'Interrupting the running task.' });
    expect((await cut).code).toBe('turn-interrupted');
    expect(await ask(a, '/stop', { message_id: 'm' })).toMatchObject({ reply: 'Interrupting the running task.' });
    expect(await ask(b, 'two')).toMatchObject({ reply: 'Two.' });
    const note = '[The answer was interrupted before it was complete: This task was interrupted by /stop.]';
    expect(sent(2)).toEqual(['one', 'One.', 'cut', note, 'two']);
    await ask(b, '/new');
    b.kill('SIGKILL');
    await b.exited;
    expect(await ask(a, 'three')).toMatchObject({ reply: 'Three.' });
    expect(sent(3)).toEqual(['three']);
  });
});
