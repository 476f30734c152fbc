import { expect, test } from 'vitest';
import { WrongSecrets } from './wrong-secrets.ts';

async function statuses(wrong: WrongSecrets, address: string, count: number): Promise<number[]> {
  const answers: number[] = [];
  for (let sent = 0; sent < count; sent += 1) answers.push((await wrong.refuse(address)).statusCode);
  return answers;
}

test('refuses an address for what is left of the window after too many, and no other address', async () => {
  let now = 0;
  const wrong = new WrongSecrets({ perAddress: 2, delayMs: 0, now: () => now });
  expect(await statuses(wrong, 'a', 3)).toEqual([401, 401, 429]);
  expect(await statuses(wrong, 'b', 1)).toEqual([401]);
  now = 20_000;
  expect((await wrong.refuse('a')).headers).toEqual({ 'retry-after': '40' });
  now = 60_000;
  expect(await statuses(wrong, 'a', 1)).toEqual([401]);
});

test('refuses those that come from ever new addresses, too', async () => {
  const wrong = new WrongSecrets({ inAll: 2, delayMs: 0 });
  expect((await Promise.all(['a', 'b', 'c'].map((address) => wrong.refuse(address)))).map((p) => p.statusCode)).toEqual(
    [401, 401, 429],
  );
});

test('holds back no more than a bounded number of refusals', async () => {
  const wrong = new WrongSecrets({ perAddress: 0, delayMs: 3_600_000 });
  for (let held = 0; held < 100; held += 1) void wrong.refuse('a');
  expect((await wrong.refuse('a')).statusCode).toBe(429);
});
