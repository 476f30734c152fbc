import { describe, expect, it } from 'vitest';
import type { HomeFacts } from './facts.ts';
import { planMigration } from './plan.pure.ts';

const snapshot = {
  kind: 'profile',
  name: 'a',
  home: '/h/profiles/a',
  desired: undefined,
  legacyDesired: 'running',
  observedState: 'stopped',
  stopSeconds: undefined,
} as const;
const boot = { start: true, desired: 'running', reason: 'desired_state in gateway_state.json', snapshot } as const;
const facts = (fields: Partial<HomeFacts> = {}): HomeFacts => ({
  profile: 'a',
  home: '/h/profiles/a',
  servedBy: undefined,
  isReference: true,
  isMigrated: false,
  boot,
  settings: '/h/profiles/a/gateway.yaml',
  settingsProblem: undefined,
  hasEnvironmentFile: false,
  samePort: undefined,
  unanswered: 0,
  undelivered: 0,
  ...fields,
});
const forward = (fields?: Partial<HomeFacts>) => planMigration(facts(fields), 'forward', { force: false });
const back = (fields?: Partial<HomeFacts>, force = false) => planMigration(facts(fields), 'back', { force });

describe('the plan of a migration', () => {
  it('says what changes, and what decided', () => {
    expect(forward()).toMatchObject({ desired: 'running', obstacles: [], before: [] });
    expect(forward().changes[0]).toMatch(/to be running \(decided by: desired_state in gateway_state.json\)/);
    expect(forward({ boot: { ...boot, start: false } }).desired).toBe('stopped');
  });

  it.each<[what: string, fields: Partial<HomeFacts>, obstacle: RegExp]>([
    [
      'settings that it cannot use',
      { settingsProblem: 'gateway.yaml: expected a section "agent"' },
      /makes: hermes-gateway init --beside -p a$/,
    ],
    ['another profile on its port', { samePort: 'b' }, /profile b has the same port/],
    [
      'a root gateway that serves it',
      { boot: { ...boot, start: false, reason: 'served', snapshot: { ...snapshot, isServedByRoot: true } } },
      /served/,
    ],
    [
      'a state file that cannot be read',
      { boot: { ...boot, start: false, desired: undefined, snapshot: { ...snapshot, stateProblem: 'is a link' } } },
      /not known whether its gateway is to run: gateway_state.json is a link; write .*desired_state.json/,
    ],
  ])('names as an obstacle %s', (_what, fields, obstacle) => {
    expect(forward(fields).obstacles).toEqual([expect.stringMatching(obstacle)]);
  });

  it('has nothing to do twice, in either direction', () => {
    const done = { ...boot, snapshot: { ...snapshot, desired: 'running' as const } };
    expect(forward({ isMigrated: true, boot: done, settingsProblem: 'x' })).toMatchObject({
      changes: [],
      obstacles: [],
    });
    expect(back()).toMatchObject({ changes: [], obstacles: [] });
    expect(back({ isMigrated: true }).changes).toHaveLength(2);
    // As after a crash on the way back.
    expect(back({ boot: done }).changes).toHaveLength(2);
    expect(back({ isReference: false }).changes).toHaveLength(2);
  });

  it('leaves no message behind unless it is made to, and says so then', () => {
    const left = { isMigrated: true, unanswered: 1, undelivered: 2 };
    const words = /an accepted message without an answer and 2 replies that are not delivered/;
    expect(back(left).obstacles).toEqual([expect.stringMatching(words)]);
    expect(back(left, true)).toMatchObject({ obstacles: [], notes: [expect.stringMatching(words), expect.anything()] });
    expect(back({ ...left, unanswered: 0, undelivered: 1 }).obstacles).toEqual([
      expect.stringMatching(/ a reply that is/),
    ]);
    expect(forward(left).obstacles).toEqual([]);
  });

  it('asks to stop a gateway first, whichever serves the home', () => {
    expect(forward({ servedBy: 7 }).before).toEqual([expect.stringContaining('(process 7) serves it: drainctl begin')]);
    expect(back({ servedBy: 'unknown' }).before).toHaveLength(1);
  });

  it('says what it leaves alone', () => {
    expect(forward({ hasEnvironmentFile: true }).notes).toHaveLength(2);
    expect(forward().notes).toHaveLength(1);
  });
});
