import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { usageOf } from '../../process/usage.ts';

const STREAMS = 50;

export interface Place {
  readonly url: string;
  readonly pid: number;
}

export interface Cost {
  /** Processor time of a chunk, in microseconds. */
  readonly chunk: number;
  /** Times to the first token, in ms. */
  readonly first: readonly number[];
}

/** Reads {@link STREAMS} streams at a time. */
export async function readStreams({ url, pid }: Place): Promise<Cost> {
  const agent = new Agent({ keepAlive: true });
  const before = usageOf(pid).cpu;
  const read = await Promise.all(Array.from({ length: STREAMS }, (_, index) => readStream(url, agent, index)));
  const used = usageOf(pid).cpu - before;
  agent.destroy();
  const chunks = read.reduce((total, one) => total + one.chunks, 0);
  return { chunk: (used * 1_000) / chunks, first: read.map(({ first }) => first) };
}

async function readStream(url: string, agent: Agent, index: number) {
  const start = performance.now();
  const headers = { 'content-type': 'application/json' };
  const sent = request(`${url}/v1/chat/completions`, { method: 'POST', agent, headers });
  const messages = [{ role: 'user', content: `message ${index} at ${start}` }];
  sent.end(JSON.stringify({ model: 'm', stream: true, messages }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let [first, chunks] = [0, 0];
  for await (const data of response) {
    first ||= performance.now() - start;
    chunks += String(data).split('\n\n').length - 1;
  }
  return { first, chunks };
}
