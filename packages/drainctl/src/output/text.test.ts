import { expect, test } from 'vitest';
import { sighting } from '../../../dashboard-client/src/testing/sightings.ts';
import { TextReporter } from './text.ts';

function sink(changes: { isTTY?: boolean; columns?: number; hasColors?: () => boolean } = {}) {
  const written: string[] = [];
  return { ...changes, write: (text: string) => written.push(text), all: () => written.join('') };
}

const TERMINAL = { isTTY: true, columns: 60, hasColors: () => true };
const PROGRESS = { judgement: 'waiting' } as const;
const ESC = '\u001b';

test('a terminal gets one line that is painted over, cut to its width, and gone in the end', () => {
  const out = sink(TERMINAL);
  const reporter = new TextReporter({ out, err: out, heartbeat: 0, live: true });
  reporter.progress(sighting({}), PROGRESS);
  expect(out.all()).toContain(`${ESC}[33mdraining, 1 turn left: anna`);
  const before = out.all().length;
  reporter.progress(sighting({}), PROGRESS);
  const painted = out.all().slice(before);
  expect(painted).toBe(`\r${ESC}[K${ESC}[?7l${'░'.repeat(20)} draining, 1 turn left: anna (4 min, la${ESC}[?7h`);
  reporter.finish({ result: 'drained', exit: 0, text: ['done'] });
  expect(out.all().endsWith(`\r${ESC}[Kdone\n`)).toBe(true);
});

test('a terminal without colours gets none', () => {
  const out = sink({ ...TERMINAL, hasColors: () => false });
  const reporter = new TextReporter({ out, err: out, heartbeat: 0, live: false });
  reporter.progress(sighting({}), PROGRESS);
  reporter.finish({ result: 'deadline', exit: 3, text: ['late'] });
  expect(out.all()).not.toContain(ESC);
});

test('losing the dashboard is said once, and so is its return', () => {
  const out = sink();
  const reporter = new TextReporter({ out, err: out, heartbeat: 60_000, live: false });
  reporter.progress(sighting({}), PROGRESS);
  for (let attempt = 0; attempt < 3; attempt += 1) reporter.lost(new Error('no answer'));
  reporter.progress(sighting({}), PROGRESS);
  expect(out.all().match(/no answer; trying again/g)).toHaveLength(1);
  expect(out.all().match(/the dashboard answers again/g)).toHaveLength(1);
});

test('an end that is no success goes to stderr', () => {
  const out = sink();
  const err = sink();
  new TextReporter({ out, err, heartbeat: 0, live: false }).finish({ result: 'conflict', exit: 5, text: ['no'] });
  expect([out.all(), err.all()]).toEqual(['', 'drainctl: no\n']);
});

test('whatever strangers wrote, only our own sequences reach the terminal', () => {
  const out = sink(TERMINAL);
  const reporter = new TextReporter({ out, err: out, heartbeat: 0, live: true });
  const hostile = `${ESC}]0;owned\u0007\u202e\n\u{e0041}`;
  const shown = '\\u{1b}]0;owned\\u{7}\\u{202e}\\u{a}\\u{e0041}';
  reporter.note('x', hostile);
  reporter.progress(sighting({ drain: { verdict: { active: false, reason: hostile as 'absent', code: null } } }), {});
  reporter.lost(new Error(hostile));
  reporter.finish({ result: 'x', exit: 3, text: [hostile, hostile] });
  const ours = new RegExp(`${ESC}\\[(?:K|\\?7[hl]|\\d+m)|[\r\n]`, 'g');
  expect(out.all().replaceAll(ours, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(out.all().split(shown).length).toBeGreaterThan(4);
});
