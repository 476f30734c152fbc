import { setTimeout as delay } from 'node:timers/promises';

/** Against hanging. */
const TIMEOUT_MS = 120_000;
const LOOK_EVERY_MS = 10;

/** Looks again and again until there is something to be found. @throws Error that says what was waited for. */
export async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(LOOK_EVERY_MS);
  }
  throw new Error(`${what}: expected within ${TIMEOUT_MS / 1000} s, nothing of the kind came`);
}

/** Waits until a gateway takes new turns. */
export async function untilAccepting(url: string): Promise<void> {
  await until(`${url} accepts`, () => isOk(`${url}/readyz`));
}

/** Waits until something answers at a URL with success. */
export async function untilAlive(url: string): Promise<void> {
  await until(`${url} answers`, () => isOk(`${url}/livez`));
}

async function isOk(url: string): Promise<true | undefined> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok ? true : undefined;
}
