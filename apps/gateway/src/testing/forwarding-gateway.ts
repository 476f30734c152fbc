import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import OpenAI from 'openai';
import { startGateway } from './gateway-process.ts';
import { type Answer, modelServer } from './model-server.ts';

export interface ForwardingOptions {
  /** More keys of the agent, as YAML in flow style. */
  readonly agent?: string;
  readonly config?: string;
}

/** A gateway process whose agent is a model server of the test, and a client that does not retry. */
export async function forwardingGateway(answers: [Answer, ...Answer[]], options: ForwardingOptions = {}) {
  const model = await modelServer(...answers);
  const home = temporaryDirectory();
  const more = options.agent === undefined ? '' : `, ${options.agent}`;
  const agent = `agent: {kind: openai, base_url: '${model.baseUrl}', model: m, max_retries: 0${more}}`;
  writeFileSync(join(home, 'config.yaml'), `${agent}\n${options.config ?? ''}`);
  const gateway = await startGateway({ home });
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any', maxRetries: 0 });
  const post = (body: object, headers: Record<string, string> = {}, path = '/v1/chat/completions') =>
    fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return { model, home, gateway, client, post };
}

/** A whole answer in JSON. */
export function answering(body: unknown, status = 200): Answer {
  return (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
