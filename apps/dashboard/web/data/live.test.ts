import { expect, test } from 'vitest';
import { viewWith } from '../model/testing.ts';
import { Live } from './live.ts';

const SNAPSHOT = { now: '2026-11-21T14:00:00Z', host: 'h', home: '/h', profiles: [viewWith({ active_agents: 1 })] };

test('a stream that ends is resumed where it ended', async () => {
  const asked: (string | null)[] = [];
  const live = liveOf(({ headers }) => {
    asked.push(headers.get('last-event-id'));
    if (asked.length > 1) return events('retry: 1\n\n', eventOf('r-2', 'profile', viewWith({ active_agents: 3 })));
    return events('retry: 1\n\n', eventOf('r-1', 'snapshot', SNAPSHOT));
  });
  await until(live, () => live.read().profiles?.get('default')?.turns === 3);
  expect(asked.slice(0, 2)).toEqual([null, 'r-1']);
  expect(live.samplesOf('default').map(([, turns]) => turns)).toEqual([1, 3]);
});

test('a removed profile is gone, and an event of a later version is skipped', async () => {
  const live = liveOf(() =>
    events(
      eventOf('r-1', 'snapshot', SNAPSHOT),
      eventOf('r-2', 'of-a-later-version', {}),
      eventOf('r-3', 'removed', { name: 'default' }),
    ),
  );
  await until(live, () => live.read().profiles?.size === 0);
});

test.each([
  [401, { state: 'unauthorized' }],
  [403, { state: 'denied', why: 'It lacks the scope read.' }],
])('a %i is final', async (status, link) => {
  let attempts = 0;
  const live = liveOf(() => {
    attempts += 1;
    return problem(status, { code: 'any', detail: 'It lacks the scope read.' });
  });
  await live.run();
  expect(live.read().link).toEqual(link);
  expect(attempts).toBe(1);
});

test.each([
  [
    'cannot be reached',
    null,
    () => {
      throw new TypeError('fetch failed');
    },
  ],
  ['is busy', 'Too many streams.', () => problem(503, { code: 'busy', detail: 'Too many streams.' })],
])('a server that %s is a lost connection', async (_what, why, answer) => {
  const live = liveOf(answer);
  await until(live, () => live.read().link.state === 'lost');
  expect(live.read().link).toEqual({ state: 'lost', shownAt: null, why });
});

function liveOf(answer: (request: Request) => Response): Live {
  return new Live({ url: 'http://dashboard.invalid', token: 'secret', fetch: async (request) => answer(request) });
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
