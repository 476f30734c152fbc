import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { writeDesiredState } from '../desired-state/write.ts';
import { gatewayStatePath } from '../state/path.ts';
import { migrateHome, returnHome } from './migrate.ts';
import { isMigrated, isServedByReference, migrationPath } from './record.ts';

const THEIRS = {
  kind: 'hermes-gateway',
  pid: 7,
  start_time: 8,
  argv: ['hermes', 'gateway', 'run'],
  gateway_state: 'running',
  active_agents: 0,
  platforms: { telegram: { state: 'connected' } },
  code_sha: 'abc',
};
/** What a gateway of ours leaves in the place of that. */
const OURS = { gateway_state: 'stopped', epoch: 'b:1', version: '1.0.0', pid: 9, active_agents: 0, drain: null };

function homeWith(state: object | string): string {
  const home = temporaryDirectory();
  writeFileSync(gatewayStatePath({ home }), typeof state === 'string' ? state : JSON.stringify(state));
  return home;
}

const contentOf = (home: string, name: string) => JSON.parse(readFileSync(join(home, name), 'utf8'));

describe('the home of the reference system', () => {
  it('goes to our gateway and back, with the fields that only the reference system knows', async () => {
    const home = homeWith(THEIRS);
    await migrateHome('running', { home });
    expect(isMigrated({ home })).toBe(true);
    expect(statSync(migrationPath({ home })).mode & 0o777).toBe(0o600);
    expect(contentOf(home, 'desired_state.json')).toMatchObject({ desired_state: 'running' });
    expect(contentOf(home, 'gateway_state.json')).toEqual(THEIRS);
    writeFileSync(gatewayStatePath({ home }), JSON.stringify(OURS));
    expect(isServedByReference({ home })).toBe(false);
    await returnHome('running', { home });
    expect(readdirSync(home)).toEqual(['gateway_state.json']);
    const { pid: _pid, start_time: _start, argv: _argv, ...kept } = THEIRS;
    expect(contentOf(home, 'gateway_state.json')).toEqual({
      ...kept,
      desired_state: 'running',
      restart_requested: false,
      hermes_home: home,
      updated_at: expect.any(String),
    });
    expect([isMigrated({ home }), isServedByReference({ home })]).toEqual([false, true]);
  });

  it('keeps the same when it is done twice, also after an end half-way', async () => {
    const home = homeWith(THEIRS);
    await migrateHome('stopped', { home });
    writeFileSync(gatewayStatePath({ home }), JSON.stringify(OURS));
    await migrateHome('stopped', { home });
    // As after a crash between the steps of the way back.
    await returnHome('stopped', { home });
    await writeDesiredState('stopped', { home });
    await returnHome('stopped', { home });
    const state = { platforms: THEIRS.platforms, desired_state: 'stopped', gateway_state: 'stopped' };
    expect(contentOf(home, 'gateway_state.json')).toMatchObject(state);
    expect(existsSync(join(home, 'desired_state.json'))).toBe(false);
  });

  it('goes back without what our gateway has left among the fields of the reference system', async () => {
    const home = homeWith({ ...THEIRS, epoch: 'b:1', drain: { request_id: 'x' }, version: '1.0.0' });
    await returnHome('running', { home });
    const state = contentOf(home, 'gateway_state.json');
    expect(Object.keys(state)).not.toEqual(expect.arrayContaining(['epoch', 'drain', 'version', 'pid']));
  });

  it.each([
    ['nothing', ''],
    ['garbage', '{"kind":'],
    ['too much', JSON.stringify({ ...THEIRS, log: 'ü'.repeat(30_000) })],
  ])('can be migrated and returned with %s in its state file', async (_what, text) => {
    const home = homeWith(text);
    await migrateHome('running', { home });
    await returnHome('running', { home });
    expect(contentOf(home, 'gateway_state.json')).toMatchObject({ kind: 'hermes-gateway', desired_state: 'running' });
  });

  it('that was never migrated can be given to it, too', async () => {
    const home = homeWith(OURS);
    await writeDesiredState('running', { home });
    await returnHome('running', { home });
    expect(contentOf(home, 'gateway_state.json')).toMatchObject({ gateway_state: 'running', active_agents: 0 });
    expect(contentOf(home, 'gateway_state.json')).not.toHaveProperty('epoch');
  });
});
