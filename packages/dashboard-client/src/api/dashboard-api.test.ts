import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SECRET } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { isPassing, Unreachable } from '../errors.ts';
import { DashboardApi } from './dashboard-api.ts';

const NEVER = new AbortController().signal;

/** A server that answers everything alike. */
async function serverThat(answers: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answers(response)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const PAGE = { 'content-type': 'text/html' };

test.each([
  ['a page of something in between', (response: ServerResponse) => response.writeHead(502, PAGE).end('<h1>Bad</h1>')],
  ['a page of another program', (response: ServerResponse) => response.writeHead(200, PAGE).end('<h1>Hi</h1>')],
  ['a redirection', (response: ServerResponse) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['JSON that is no object', (response: ServerResponse) => response.writeHead(200).end('null')],
  ['half an answer', (response: ServerResponse) => response.writeHead(200).write('{"a":') && response.destroy()],
  ['no answer', (response: ServerResponse) => response.destroy()],
])('%s counts as out of reach', async (_what, answers) => {
  const api = new DashboardApi({ url: await serverThat(answers), token: SECRET }, 'default');
  const error = await api.drain(NEVER).catch((e) => e);
  expect(error).toBeInstanceOf(Unreachable);
  expect(isPassing(error)).toBe(true);
});
