import { createLogger } from '@hermes/service-kit';
import { afterEach, expect, it, vi } from 'vitest';
import { ServiceStatuses } from './service-statuses.ts';

afterEach(() => vi.useRealTimers());

it.each([
  ['every second, of a service manager that answers at once', 0, 10],
  ['less often, of one whose answers take long', 200, 3],
])('asks %s', async (_what, answerMs, most) => {
  vi.useFakeTimers();
  let asked = 0;
  const list = async () => {
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, answerMs));
    return [];
  };
  const statuses = new ServiceStatuses({ list }, createLogger('test', 'silent'));
  statuses.start();
  await vi.advanceTimersByTimeAsync(9_500);
  statuses.close();
  expect(asked).toBe(most);
});
