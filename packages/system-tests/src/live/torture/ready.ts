import { exchange } from './exchange.ts';

const ANSWER_MS = 5_000;

/** Whether the gateway at `port` says that it takes messages. */
export async function isReady(port: number): Promise<boolean> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  return (await exchange({ port, method: 'GET', path: '/readyz', signal })).status === 200;
}
