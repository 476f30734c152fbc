import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import { limited } from './limited.ts';

/** Before an answer begins, only the timeout of the turn counts. */
const dispatcher = new Agent({ headersTimeout: 0 });

/** The bodies of successful answers to POST: streams of Node, which cost a fraction of web streams. */
const bodies = new WeakMap<Response, Readable>();

/**
 * The `fetch` of the client of model servers. Follows no redirects. The body of an answer to POST is {@link bodyOf}; it
 * fails with UND_ERR_BODY_TIMEOUT after a silence of `stallMs`.
 */
export function upstreamFetch(stallMs: number): typeof fetch {
  return (url, init) => send(url, init, stallMs);
}

async function send(url: string | URL | Request, init: RequestInit = {}, bodyTimeout: number): Promise<Response> {
  const { method = 'GET', signal } = init;
  const answer = await request(String(url), {
    method: method as 'GET' | 'POST',
    headers: Object.fromEntries(new Headers(init.headers)),
    body: typeof init.body === 'string' ? init.body : null,
    signal: signal ?? null,
    bodyTimeout,
    dispatcher,
  });
  const { statusCode: status, body } = answer;
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one);
  if (method !== 'POST' || status < 200 || status >= 300) {
    const bytes = await buffer(limited(body));
    return new Response(bytes.length === 0 ? null : new Uint8Array(bytes), { status, headers });
  }
  const response = new Response(null, { status, headers });
  bodies.set(response, body);
  return response;
}

/** The body of an answer to POST. */
export function bodyOf(response: Response): Readable {
  const body = bodies.get(response);
  if (body === undefined) throw new Error('expected the response to a POST of upstreamFetch');
  return body;
}
