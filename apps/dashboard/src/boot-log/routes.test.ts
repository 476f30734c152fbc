import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bootLogPath } from '@hermes/s6-reconciler';
import { expect, test } from 'vitest';
import { testDashboard } from '../testing/dashboard.ts';

const AT = '2026-01-02T03:04:05.000000+00:00';

test('tells the last boots, newest first', async () => {
  const { home, ask } = await testDashboard();
  const path = bootLogPath({ home });
  mkdirSync(dirname(path));
  writeFileSync(
    path,
    `${AT} profile=default prior_state=running action=started prior_exit=signal\n${AT} profile=mail prior_state=None action=skipped reason="is a link"\n`,
  );
  const entries = async (query = '') => (await ask({ url: `/api/boot-log${query}` })).json().entries;
  const started = {
    at: AT,
    profile: 'default',
    prior_state: 'running',
    action: 'started',
    prior_exit: 'signal',
    desired: null,
    reason: null,
  };
  const nothing = { prior_state: null, prior_exit: null, desired: null };
  const skipped = { at: AT, profile: 'mail', action: 'skipped', reason: 'is a link', ...nothing };
  expect(await entries()).toEqual([skipped, started]);
  expect(await entries('?profile=default')).toEqual([started]);
  expect(await entries('?limit=1')).toEqual([skipped]);
});

test('is empty where no reconciler runs', async () => {
  const { ask } = await testDashboard();
  expect((await ask({ url: '/api/boot-log' })).json()).toEqual({ entries: [] });
});
