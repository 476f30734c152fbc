import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DashboardApi } from '../api/dashboard-api.ts';
import { Unreachable } from '../errors.ts';
import { sighting } from '../testing/sightings.ts';
import { type WaitObserver, waitUntilDrained } from './wait.ts';

const URL = 'http://dashboard.invalid';
const UNSEEN: WaitObserver = { lost: () => undefined, progress: () => undefined };

/** A dashboard whose first answer takes `first` ms, and the others none. */
function slowDashboard(first: number): DashboardApi {
  let pause = first;
  const answer = async (signal: AbortSignal) => {
    await delay(pause, undefined, { signal });
    pause = 0;
  };
  const { drain, status } = sighting({});
  return {
    url: URL,
    drain: async (signal: AbortSignal) => answer(signal).then(() => drain),
    status: async () => status,
  } as unknown as DashboardApi;
}

function wait(api: DashboardApi, deadline: number) {
  const { signal } = new AbortController();
  const requestId = sighting({}).drain.request_id;
  return waitUntilDrained(api, { requestId, deadline, retryFor: 0, failOnStalled: true, signal }, UNSEEN);
}

describe('a deadline', () => {
  it('that passes before the first answer counts once that has come, so that its action is taken', async () => {
    expect(await wait(slowDashboard(500), 100)).toMatchObject({ judgement: 'deadline' });
  });

  it('passes where the dashboard answers', async () => {
    expect(await wait(slowDashboard(0), 400)).toMatchObject({ judgement: 'deadline' });
  });

  it('ends the attempts where the dashboard is out of reach', async () => {
    const lost = async () => Promise.reject(new Unreachable(URL, 'ECONNREFUSED'));
    await expect(wait({ url: URL, drain: lost } as unknown as DashboardApi, 300)).rejects.toThrow(Unreachable);
  });
});
