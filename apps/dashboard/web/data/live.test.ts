import { expect, test } from 'vitest';
import { Api } from './api.ts';
import { Live } from './live.ts';

const SNAPSHOT = { now: '2026-11-21T14:00:00Z', profiles: [{ name: 'default', active_agents: 1 }] };

test('a stream that ends is resumed where it ended', async () => {
  const asked: (string | null)[] = [];
  const live = new Live(
    apiOf((_, headers) => {
      asked.push(headers.get('last-event-id'));
      if (asked.length > 1)
        return events('retry: 1\n\n', eventOf('r-2', 'profile', { name: 'default', active_agents: 3 }));
      return events('retry: 1\n\n', eventOf('r-1', 'snapshot', SNAPSHOT));
    }),
  );
  await until(live, () => live.read().profiles?.get('default')?.turns === 3);
  expect(asked.slice(0, 2)).toEqual([null, 'r-1']);
  expect(live.samplesOf('default').map(([, turns]) => turns)).toEqual([1, 3]);
});

test('a removed profile is gone', async () => {
  const live = new Live(
    apiOf(() => events(eventOf('r-1', 'snapshot', SNAPSHOT), eventOf('r-2', 'removed', { name: 'default' }))),
  );
  await until(live, () => live.read().profiles?.size === 0);
});

test('a server without events is asked for the profiles', async () => {
  const live = new Live(apiOf((path) => (path.endsWith('events') ? problem(404, {}) : Response.json(SNAPSHOT))));
  await until(live, () => live.read().link.state === 'live');
  expect(live.read().profiles?.get('default')?.turns).toBe(1);
});

test.each([
  [401, { state: 'unauthorized' }],
  [403, { state: 'denied', why: 'It lacks the scope read.' }],
])('a %i is final', async (status, link) => {
  let attempts = 0;
  const live = new Live(
    apiOf(() => {
      attempts += 1;
      return problem(status, { detail: 'It lacks the scope read.' });
    }),
  );
  await live.run();
  expect(live.read().link).toEqual(link);
  expect(attempts).toBe(1);
});

test('a server that cannot be reached is a lost connection', async () => {
  const live = new Live(
    apiOf(() => {
      throw new TypeError('fetch failed');
    }),
  );
  await until(live, () => live.read().link.state === 'lost');
  expect(live.read().link).toEqual({ state: 'lost', shownAt: null, why: null });
});

function apiOf(answer: (path: string, headers: Headers) => Response): Api {
  return new Api('secret', async (path, init) => answer(String(path), new Headers(init?.headers)));
}

/** Runs it until the condition holds. */
async function until(live: Live, condition: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  live.subscribe(() => condition() && resolve());
  const ended = live.run();
  await promise;
  live.close();
  await ended;
}

function events(...chunks: readonly string[]): Response {
  return new Response(chunks.join(''), { headers: { 'content-type': 'text/event-stream' } });
}

function eventOf(id: string, event: string, data: unknown): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function problem(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } });
}
