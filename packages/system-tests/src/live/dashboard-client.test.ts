import { DashboardApi, isPassing, Refused } from '@hermes/dashboard-client';
import { startDashboard } from '@hermes/local-stack';
import { SECRET, temporaryDirectory } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';

const NEVER = new AbortController().signal;

/** A dashboard on a home of its own, with the secret above. @returns its URL. */
async function dashboardUrl(): Promise<string> {
  const env = { HERMES_DASHBOARD_PORT: '0', HERMES_DASHBOARD_DRAIN_SECRET: SECRET };
  const { url, program } = await startDashboard({ home: temporaryDirectory(), env, onStderr: () => undefined });
  onTestFinished(async () => void (await program.kill('SIGKILL')));
  return url;
}

test('a wrong secret and an unknown profile are refusals that waiting does not change', async () => {
  const url = await dashboardUrl();
  const stranger = await new DashboardApi({ url, token: 'wrong' }, 'default').drain(NEVER).catch((e) => e);
  const nobody = await new DashboardApi({ url, token: SECRET }, 'nobody').drain(NEVER).catch((e) => e);
  for (const error of [stranger, nobody]) {
    expect(error).toBeInstanceOf(Refused);
    expect(isPassing(error)).toBe(false);
  }
  expect(stranger.message).toBe('the dashboard refused: the secret is not the one it expects (401 unauthorized)');
});

test('begins, keeps alive and cancels only what it means to', async () => {
  const url = await dashboardUrl();
  const api = new DashboardApi({ url, token: SECRET }, 'default');
  const { request_id } = await api.begin(NEVER, { reason: 'update', quiet: true, maxAgeSeconds: 60 }, 'none-in-force');
  const mismatch = { problem: { code: 'request-mismatch', holder: { request_id, reason: 'update' } } };
  await expect(api.begin(NEVER, {}, 'none-in-force')).rejects.toMatchObject(mismatch);
  await expect(api.begin(NEVER, {}, { requestId: 'another' })).rejects.toMatchObject(mismatch);
  await expect(api.cancel(NEVER, 'another')).rejects.toMatchObject(mismatch);
  expect(await api.begin(NEVER, {}, { requestId: request_id })).toMatchObject({ request_id });
  expect(await api.drain(NEVER)).toMatchObject({ request_id, suppress_notification: true });
  expect(await api.cancel(NEVER, request_id)).toMatchObject({ was_draining: true });
});
