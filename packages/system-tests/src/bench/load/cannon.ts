/** `cannon URL OPTIONS`: sends messages as `LoadOptions` says, and prints the `Volley`. */
import autocannon, { type Options, type Request, type Result } from 'autocannon';
import { quantileSorted } from 'simple-statistics';
import type { LoadOptions, Volley } from './drive.ts';

const [url = '', options = ''] = process.argv.slice(2);
const { connections, sessions, prefix = 'session', until, later } = JSON.parse(options) as LoadOptions;

/** What one connection sends, over and over. */
function requestsOf(connection: number): Request[] {
  const count = Math.max(1, Math.ceil((sessions - connection) / connections));
  return Array.from({ length: count }, (_, index) => {
    const session = `${prefix}-${connection + index * connections}`;
    return { body: JSON.stringify({ session, text: 'How is the weather over there?' }) };
  });
}

let opened = 0;
const cannon: Options = {
  url: `${url}/v1/messages`,
  method: 'POST',
  connections,
  headers: { 'content-type': 'application/json', ...(later ? { prefer: 'respond-async' } : {}) },
  setupClient: (client) => client.setRequests(requestsOf(opened++)),
  // How soon it notices that it is over, in ms.
  sampleInt: 50,
  ...('messages' in until ? { amount: until.messages } : { duration: until.seconds }),
};

const times: number[] = [];
const start = performance.now();
let end = start;
const { promise, resolve, reject } = Promise.withResolvers<Result>();
const run = autocannon(cannon, (error, result) => (error ? reject(error) : resolve(result)));
run.on('response', (_client, _status, _bytes, time) => {
  times.push(time);
  end = performance.now();
});
const { non2xx, errors } = await promise;
if (non2xx + errors > 0) throw new Error(`${non2xx} messages were refused, ${errors} failed`);
times.sort((a, b) => a - b);
const volley: Volley = {
  turns: times.length,
  perSecond: (times.length / (end - start)) * 1_000,
  median: quantileSorted(times, 0.5),
  p99: quantileSorted(times, 0.99),
};
process.stdout.write(JSON.stringify(volley));
