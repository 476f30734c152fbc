import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

interface Asked {
  readonly stream?: boolean;
  readonly messages?: readonly { readonly role: string; readonly content?: unknown }[];
  readonly input?: unknown;
  readonly tools?: readonly unknown[];
  readonly response_format?: unknown;
  readonly text?: { readonly format?: { readonly type?: string } };
}

const CALL = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } };
const USAGE = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
const RESPONSE_USAGE = {
  input_tokens: 5,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 12,
};

/**
 * A model that requests the first tool it is offered, and otherwise says "sunny". While it is held, it does not end the
 * streams that it has begun.
 */
export async function scriptedModel() {
  const asked: Asked[] = [];
  const abandoned: Asked[] = [];
  let [held, letGo] = [Promise.resolve(), () => {}];
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    [held, letGo] = [promise, resolve];
  };
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Asked;
    response.once('close', () => response.writableFinished || abandoned.push(body));
    asked.push(body);
    if (request.url?.endsWith('/responses')) await answerResponse(body, response, held);
    else if (body.stream) await streamCompletion(body, response, held);
    else send(response, completion(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    letGo();
    server.closeAllConnections();
    server.close();
  });
  return {
    asked,
    abandoned,
    hold,
    letGo: () => letGo(),
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
  };
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function messageOf({ messages = [], tools = [], response_format: format }: Asked) {
  const hasResult = messages.some(({ role }) => role === 'tool');
  if (tools.length > 0 && !hasResult) return { role: 'assistant', content: null, tool_calls: [CALL] };
  return { role: 'assistant', content: format ? '{"sky":"sunny"}' : 'sunny' };
}

function completion(body: Asked) {
  const message = messageOf(body);
  const finish_reason = message.tool_calls ? 'tool_calls' : 'stop';
  const choices = [{ index: 0, message, finish_reason, logprobs: null }];
  return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm', choices, usage: USAGE };
}

async function streamCompletion(body: Asked, response: ServerResponse, held: Promise<void>): Promise<void> {
  const { tool_calls: calls, content } = messageOf(body);
  const delta = calls ? { tool_calls: calls.map((call, index) => ({ index, ...call })) } : { content };
  const chunk = (choices: unknown[], more = {}) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices, ...more })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]));
  response.write(chunk([{ index: 0, delta, finish_reason: null }]));
  await held;
  response.write(chunk([{ index: 0, delta: {}, finish_reason: calls ? 'tool_calls' : 'stop' }]));
  response.end(`${chunk([], { usage: USAGE })}data: [DONE]\n\n`);
}

async function answerResponse(body: Asked, response: ServerResponse, held: Promise<void>): Promise<void> {
  const { stream, text, input, tools = [] } = body;
  const hasResult = JSON.stringify(input).includes('function_call_output');
  const said = text?.format?.type === 'json_schema' ? '{"sky":"sunny"}' : 'sunny';
  const content = [{ type: 'output_text', text: said, annotations: [] }];
  const { name, arguments: args } = CALL.function;
  const item =
    tools.length > 0 && !hasResult
      ? { id: 'fc_1', type: 'function_call', status: 'completed', call_id: CALL.id, name, arguments: args }
      : { id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content };
  const whole = {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: 'm',
    output: [item],
    usage: RESPONSE_USAGE,
  };
  if (!stream) {
    send(response, whole);
    return;
  }
  const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(event('response.created', { response: { ...whole, status: 'in_progress', output: [] } }));
  response.write(event('response.output_item.added', { output_index: 0, item: { ...item, content: [] } }));
  const part = { type: 'output_text', text: '', annotations: [] };
  response.write(event('response.content_part.added', { ...place, part }));
  response.write(event('response.output_text.delta', { ...place, delta: said }));
  await held;
  response.write(event('response.output_item.done', { output_index: 0, item }));
  response.end(event('response.completed', { response: whole }));
}
