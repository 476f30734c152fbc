import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testDashboard } from '../testing/dashboard.ts';
import { parseBootLine } from './parse.ts';
import { readBootLog } from './read.ts';

const AT = '2026-01-02T03:04:05.000000+00:00';

async function withLog(text: string, older = '') {
  const dashboard = await testDashboard();
  const logs = join(dashboard.home, 'logs');
  mkdirSync(logs);
  writeFileSync(join(logs, 'container-boot.log'), text);
  if (older) writeFileSync(join(logs, 'container-boot.log.1'), older);
  const entries = async (query = '') => (await dashboard.ask({ url: `/api/boot-log${query}` })).json().entries;
  return { ...dashboard, logs, entries };
}

test('tells the last boots, newest first, across the two files', async () => {
  const { entries } = await withLog(
    `${AT} profile=default prior_state=running action=started\n${AT} profile=mail prior_state=none action=skipped reason="bad \\"name\\""\n`,
    `${AT} profile=default prior_state=stopped action=registered reason="down by intent"\n`,
  );
  const [mail, started, registered] = [
    { at: AT, profile: 'mail', prior_state: null, action: 'skipped', reason: 'bad "name"' },
    { at: AT, profile: 'default', prior_state: 'running', action: 'started', reason: null },
    { at: AT, profile: 'default', prior_state: 'stopped', action: 'registered', reason: 'down by intent' },
  ];
  expect(await entries()).toEqual([mail, started, registered]);
  expect(await entries('?profile=default')).toEqual([started, registered]);
  expect(await entries('?limit=1')).toEqual([mail]);
});

test('lines that are none are left out, and of a huge file only the end is read', async () => {
  const line = `${AT} profile=default prior_state=running action=started\n`;
  const { entries } = await withLog(`${line}${'x'.repeat(1_000_000)}\nnonsense\n\0\n${line}${line.slice(0, 30)}`);
  expect(await entries()).toHaveLength(1);
});

test('no file, a directory and a link are no boots', async () => {
  const { ask, home } = await testDashboard();
  expect((await ask({ url: '/api/boot-log' })).json()).toEqual({ entries: [] });
  const log = join(home, 'logs', 'container-boot.log');
  mkdirSync(log, { recursive: true });
  writeFileSync(join(home, 'secret'), `${AT} profile=x action=stolen\n`);
  symlinkSync(join(home, 'secret'), `${log}.1`);
  expect(readBootLog({ home, limit: 10 })).toEqual([]);
});

test('any line has a meaning or none, and what is shown is plain', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, reason) => {
      const entry = parseBootLine(
        `${AT} profile=${name} prior_state=x action=started reason=${JSON.stringify(reason)}`,
      );
      for (const text of Object.values(entry ?? {})) expect(text ?? '').not.toMatch(/[\p{Cc}\u202e]/u);
    }),
  );
});
