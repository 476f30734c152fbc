import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';

/** How a model server answers one request. */
export type Answer = (response: ServerResponse) => void;

/** One request, as the server saw it. */
export interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A server that speaks like OpenAI's; it lives as long as the test. Each answer is for one request; the last stays. */
export async function modelServer(...answers: [Answer, ...Answer[]]) {
  const asked: Asked[] = [];
  let closed = 0;
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url, headers } = request;
    response.once('close', () => closed++);
    asked.push({ method, url, headers, body: JSON.parse((await text(request)) || 'null') });
    answers[Math.min(asked.length, answers.length) - 1]?.(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(close);
  const bound = { timeout: 120_000, interval: 2 };
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    close,
    /** Resolves when so many requests have come. */
    untilAsked: (count: number) => vi.waitUntil(() => asked.length >= count, bound),
    /** Resolves when no client waits for an answer any more. */
    untilLetGo: () => vi.waitUntil(() => closed === asked.length, bound),
  };
}

/** One event of a stream. */
export function event(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** A piece of a reply, or its end when there is a reason for it. */
export function chunk(content: string | null, finishReason: string | null = null): string {
  const choice = { index: 0, delta: content === null ? {} : { content }, finish_reason: finishReason };
  return event({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] });
}

/** Streams these events, and then ends, hangs, or breaks the connection. */
export function streaming(events: string[], then: 'end' | 'hang' | 'break' = 'end'): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(events.join(''), () => {
      if (then === 'end') response.end();
      if (then === 'break') response.destroy();
    });
  };
}

/** A whole reply. */
export function saying(...pieces: string[]): Answer {
  return streaming([...pieces.map((piece) => chunk(piece)), chunk(null, 'stop'), event('[DONE]')]);
}

/** An error in OpenAI's envelope, which asks to be tried again at once. */
export function failing(status: number, message: string, code: string | null = null): Answer {
  return (response) => {
    const headers = { 'content-type': 'application/json', 'retry-after-ms': '1', 'x-request-id': 'req-1' };
    response.writeHead(status, headers).end(JSON.stringify({ error: { message, type: 'some_error', code } }));
  };
}

/** No answer at all. */
export const silence: Answer = () => undefined;
