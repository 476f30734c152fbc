import { exchange } from './exchange.ts';

const ANSWER_MS = 5_000;

/** Whether the gateway at `port` takes messages; under a drain it does not. */
export function isReady(port: number): Promise<boolean> {
  return isOk(port, '/readyz');
}

/** Whether the gateway at `port` answers at all. */
export function isUp(port: number): Promise<boolean> {
  return isOk(port, '/livez');
}

async function isOk(port: number, path: string): Promise<boolean> {
  return (await exchange({ port, method: 'GET', path, signal: AbortSignal.timeout(ANSWER_MS) })).status === 200;
}
