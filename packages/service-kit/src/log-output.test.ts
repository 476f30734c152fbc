import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lacking } from '@hermes/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LogOutput } from './log-output.ts';
import { commandLine } from './testing/programs.ts';
import { type Channel, startUnread } from './testing/unread.ts';

const LINES = 2_000;
const BOUND = { timeout: 120_000 };
const CHANNELS: Channel[] = ['pipe', 'socket'];

interface Line {
  readonly number?: number;
  readonly dropped?: number;
  readonly msg: string;
}

function start(end: string, channel: Channel) {
  return startUnread(commandLine('log-much', end), channel);
}

function linesOf(text: string): Line[] {
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Line);
}

describe.each(CHANNELS)('a %s that is not read', (channel) => {
  it('does not block the program, which keeps the newest lines and tells how many it dropped', BOUND, async () => {
    const program = start('wait', channel);
    await program.said('logged');
    const reading = program.read();
    program.stdin.end();
    const said = await program.said('dropped ');
    const lines = linesOf(await reading);
    const numbers = lines.flatMap(({ number }) => number ?? []);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect([numbers[0], numbers.at(-1)]).toEqual([0, LINES - 1]);
    const dropped = LINES - numbers.length;
    expect(dropped).toBeGreaterThan(1_000);
    expect(said).toContain(`dropped ${dropped}\n`);
    expect(lines.filter((line) => line.dropped !== undefined)).toEqual([
      expect.objectContaining({ level: 40, dropped, msg: `${dropped} log lines dropped: stderr was not read in time` }),
    ]);
  });

  it.each([
    ['die', { code: null, signal: 'SIGTERM' }],
    ['exit', { code: 3, signal: null }],
    ['crash', { code: 1, signal: null }],
    ['fail', { code: 78, signal: null }],
  ])('does not keep it from its end: %s', BOUND, async (end, expected) => {
    expect(await start(end, channel).ended).toEqual(expected);
  });

  it.each(['die', 'exit', 'fail'])('has the last lines when it is read at the end: %s', BOUND, async (end) => {
    const program = start(end, channel);
    await program.said('logged');
    const text = await program.read();
    expect(linesOf(text).at(-1)?.dropped ?? 0).toBeGreaterThan(1_000);
    expect(text).toContain(`"number":${LINES - 1}`);
    expect(text.includes('kit-test: cannot start\n')).toBe(end === 'fail');
  });
});

it.skipIf(lacking('/dev/full, which takes nothing', existsSync('/dev/full')))(
  'drops no further line for the one that tells how many were dropped',
  () => {
    // Never closed: the output tries again for as long as there is this process.
    const output = new LogOutput(openSync('/dev/full', 'w'));
    const reported: number[] = [];
    output.onGap = (lines) => {
      reported.push(lines);
      // Longer than what is left of the bound.
      output.write(`${`${lines} log lines dropped`.padEnd(1_000)}\n`);
    };
    for (let number = 0; number < LINES; number += 1) output.write(`${'x'.repeat(1_000)}\n`);
    output.flush();
    expect(output.dropped).toBeGreaterThan(1_000);
    expect(reported).toEqual([output.dropped]);
  },
);

it('writes each line as it is to be shown', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'hermes-log-')), 'log');
  onTestFinished(() => rmSync(dirname(path), { recursive: true, force: true }));
  const fd = openSync(path, 'w');
  const output = new LogOutput(fd);
  output.asShown = (line) => line.replace('\u202e', '\\u202e');
  output.write('{"msg":"\u202e"}\n');
  closeSync(fd);
  expect(readFileSync(path, 'utf8')).toBe('{"msg":"\\u202e"}\n');
});
