import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_TYPE, ProblemError, problemBody } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';

/** By what Node calls it; anything else is not HTTP, or not HTTP as it should be. */
const CLIENT_PROBLEMS: Record<string, readonly [number, ProblemCode, string, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request-timeout', 'Request timeout', 'The request did not arrive in time.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'body-too-large', 'Body too large', 'Send no extensions of chunks.'],
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large', 'Headers too large', 'Send fewer or shorter headers.'],
};
const MALFORMED = [400, 'malformed-http', 'Malformed HTTP', 'This is not a request of HTTP/1.1.'] as const;

/** For Fastify's `clientErrorHandler`: errors before there is a request. Answers with a problem and closes the connection. */
export function sendClientProblem(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable && !isAnswering(socket)) {
    socket.write(responseOf(new ProblemError(...(CLIENT_PROBLEMS[error.code ?? ''] ?? MALFORMED))));
  }
  socket.destroy(error);
}

/** In the middle of an answer to an earlier request another one would be taken for a part of it. Node has no public way to tell. */
function isAnswering(socket: Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}

function responseOf(problem: ProblemError): string {
  const body = JSON.stringify(problemBody(problem));
  const headers = [`Content-Type: ${PROBLEM_TYPE}`, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  const status = `HTTP/1.1 ${problem.statusCode} ${STATUS_CODES[problem.statusCode]}`;
  return `${[status, ...headers].join('\r\n')}\r\n\r\n${body}`;
}
