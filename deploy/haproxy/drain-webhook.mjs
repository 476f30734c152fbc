#!/usr/bin/env node
// Receives the webhooks of dashboards, and takes a gateway out of HAProxy the moment that its drain begins: `set server`
// over the runtime API. docs/deploy/reverse-proxy.md says when it is worth having. Needs Node 22.13 and nothing else.
//
//   HAPROXY_SOCKET=/run/haproxy/admin.sock WEBHOOK_SECRET=whsec_… node drain-webhook.mjs
//
// Each dashboard has HERMES_DASHBOARD_WEBHOOK_URL=http://127.0.0.1:9700/BACKEND/SERVER and the same secret.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

const { HAPROXY_SOCKET = '/run/haproxy/admin.sock', WEBHOOK_SECRET = '', PORT = '9700' } = process.env;
const TOLERANCE_S = 300;
const MAX_BYTES = 1024 * 1024;
const TIMEOUT_MS = 5_000;

/** What HAProxy does with the server from each event on. In `drain` it gets no new requests, and keeps those it has. */
const STATES = { 'drain.begun': 'drain', 'drain.cancelled': 'ready', 'drain.expired': 'ready' };

if (!/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/.test(WEBHOOK_SECRET)) {
  console.error(
    'WEBHOOK_SECRET: expected the HERMES_DASHBOARD_WEBHOOK_SECRET of the dashboards, like whsec_… in base64',
  );
  process.exit(78);
}
const key = Buffer.from(WEBHOOK_SECRET.slice('whsec_'.length), 'base64');

const server = createServer((request, response) => {
  handle(request).then(
    (status) => response.writeHead(status, { connection: 'close' }).end(),
    (error) => {
      console.error(`${request.url}: ${error.message}`);
      // The dashboard logs it, and tries again.
      response.writeHead(502, { connection: 'close' }).end(error.message);
    },
  );
});
server.requestTimeout = 10_000;
server.listen(Number(PORT), '127.0.0.1', () => console.log(`drain-webhook: http://127.0.0.1:${server.address().port}`));

/** @returns {Promise<number>} the status of the answer. */
async function handle(request) {
  const [, backend, name, ...rest] = (request.url ?? '').split('/');
  const isName = (word) => /^[A-Za-z0-9_.:-]+$/.test(word ?? '');
  if (request.method !== 'POST' || rest.length > 0 || !isName(backend) || !isName(name)) return 404;
  // A body of unknown size is too large.
  if (!(Number(request.headers['content-length']) <= MAX_BYTES)) return 413;
  const body = await text(request);
  if (!isSigned(request.headers, body)) return 401;
  const { type } = JSON.parse(body);
  const state = STATES[type];
  if (state === undefined) return 204;
  const complaint = await runtimeApi(`set server ${backend}/${name} state ${state}`);
  if (complaint !== '') throw new Error(`HAProxy: ${complaint}`);
  console.log(`${type}: ${backend}/${name} ${state}`);
  return 204;
}

/** Standard Webhooks: the signature is over the id, the time and the body. */
function isSigned({ 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures = '' }, body) {
  if (!(Math.abs(Date.now() / 1_000 - Number(time)) <= TOLERANCE_S)) return false;
  const expected = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest();
  return String(signatures)
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice(3), 'base64'))
    .some((found) => found.length === expected.length && timingSafeEqual(found, expected));
}

/** @returns {Promise<string>} what HAProxy says; nothing when it has done it. */
async function runtimeApi(command) {
  const socket = connect(HAPROXY_SOCKET);
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`${HAPROXY_SOCKET}: no answer within 5 s`)));
  socket.end(`${command}\n`);
  return (await text(socket)).trim();
}
