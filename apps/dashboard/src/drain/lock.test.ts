import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DRAIN_LOCK_FILENAME, drainRequestPath, readDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import { lockHolder } from '@hermes/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { problemOf, testDashboard } from '../testing/dashboard.ts';

const DRAIN = '/api/gateway/drain';

/** Has another process take the lock of the marker, and stops it until the test has finished. */
async function stopHolder(home: string): Promise<void> {
  const holder = await lockHolder(join(home, DRAIN_LOCK_FILENAME));
  onTestFinished(() => void holder.kill('SIGKILL'));
  holder.kill('SIGSTOP');
}

test('while another process holds the lock of the marker, a begin is answered 503 and may be sent again', async () => {
  const { ask, home } = await testDashboard();
  await stopHolder(home);
  const response = await ask({ method: 'POST', url: DRAIN });
  expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
  expect(problemOf(response)).toMatchObject({ code: 'marker-locked', detail: expect.stringContaining('try again') });
  expect(existsSync(drainRequestPath({ home }))).toBe(false);
});

test('while another process holds the lock of the marker, a cancel goes ahead unless it names a drain', async () => {
  const { ask, home } = await testDashboard();
  const { request_id } = await writeDrainRequest({ home });
  await stopHolder(home);
  const named = await ask({ method: 'DELETE', url: DRAIN, headers: { 'if-match': `"${request_id}"` } });
  expect([named.statusCode, named.headers['retry-after']]).toEqual([503, '1']);
  expect(readDrainRequest({ home })).toMatchObject({ request_id });
  const any = await ask({ method: 'DELETE', url: DRAIN });
  expect(any.json()).toEqual({ ok: true, action: 'cancel', was_draining: true });
  expect(existsSync(drainRequestPath({ home }))).toBe(false);
});

test('If-Match of a begin may name several drains, one of which is in force', async () => {
  const { ask, home } = await testDashboard();
  const { request_id } = await writeDrainRequest({ home });
  const response = await ask({ method: 'POST', url: DRAIN, headers: { 'if-match': `"other", "${request_id}"` } });
  expect(response.json()).toMatchObject({ request_id });
});
