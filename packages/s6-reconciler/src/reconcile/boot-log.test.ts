import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { appendBootLog, bootLogPath, readBootLog } from './boot-log.ts';
import type { BootLogEntry } from './boot-log-line.ts';

const entry = (profile: string): BootLogEntry => ({
  at: '2026-01-02T03:04:05+00:00',
  profile,
  prior_state: 'running',
  prior_exit: null,
  action: 'started',
  desired: null,
  reason: null,
});

function homeWithLogs(): { home: string; path: string } {
  const home = temporaryDirectory();
  mkdirSync(join(home, 'logs'));
  return { home, path: bootLogPath({ home }) };
}

describe('the boot log', () => {
  it('grows by a line for each entry, and is read back in order', () => {
    const home = temporaryDirectory();
    appendBootLog(home, [entry('a'), entry('b')]);
    appendBootLog(home, [entry('a')]);
    expect(readFileSync(bootLogPath({ home }), 'utf8').split('\n')).toHaveLength(4);
    expect(readBootLog({ home })).toEqual([entry('a'), entry('b'), entry('a')]);
    expect(readBootLog({ home, profile: 'a', limit: 1 })).toEqual([entry('a')]);
    expect(readBootLog({ home, limit: 2 })).toEqual([entry('b'), entry('a')]);
  });

  it('is put aside once it has reached 256 KiB, and is read across both files', () => {
    const { home, path } = homeWithLogs();
    writeFileSync(path, 'x'.repeat(256 * 1024 - 1));
    appendBootLog(home, [entry('before')]);
    expect(existsSync(`${path}.1`)).toBe(false);
    appendBootLog(home, [entry('a')]);
    appendBootLog(home, [entry('b')]);
    expect(statSync(`${path}.1`).size).toBeGreaterThan(256 * 1024);
    expect(readBootLog({ home })).toEqual([entry('before'), entry('a'), entry('b')]);
  });

  it('keeps one old file', () => {
    const { home, path } = homeWithLogs();
    writeFileSync(`${path}.1`, 'older');
    writeFileSync(path, 'x'.repeat(256 * 1024));
    appendBootLog(home, [entry('a')]);
    expect(readFileSync(`${path}.1`, 'utf8')).toMatch(/^x+$/);
  });

  it('is never written through a link', () => {
    const { home, path } = homeWithLogs();
    const precious = join(temporaryDirectory(), 'precious');
    writeFileSync(precious, 'precious');
    symlinkSync(precious, path);
    appendBootLog(home, [entry('a')]);
    expect(readFileSync(precious, 'utf8')).toBe('precious');
    expect(readBootLog({ home })).toEqual([entry('a')]);
  });

  it('takes the place of a directory', () => {
    const { home, path } = homeWithLogs();
    mkdirSync(path);
    appendBootLog(home, [entry('a')]);
    expect(readBootLog({ home })).toEqual([entry('a')]);
  });

  it.each([
    ['there is none', () => undefined],
    ['it is binary', (path: string) => writeFileSync(path, Buffer.from([0, 255, 10, 13, 0]))],
    ['it is a directory', (path: string) => mkdirSync(path)],
    ['it is a link to itself', (path: string) => symlinkSync(path, path)],
    ['it may not be read', (path: string) => writeFileSync(path, '') ?? chmodSync(path, 0)],
  ])('has no entries when %s', (_what, make) => {
    const { home, path } = homeWithLogs();
    make(path);
    expect(readBootLog({ home })).toEqual([]);
  });

  it('leaves out lines that are no entries, also half a one that a crash left', () => {
    const { home, path } = homeWithLogs();
    writeFileSync(path, 'garbage\n2026-01-02T03:04:05+00:00 profile=x prior');
    appendBootLog(home, [entry('a')]);
    expect(readBootLog({ home })).toEqual([entry('a')]);
  });
});
