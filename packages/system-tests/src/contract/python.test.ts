import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  drainRequestPath,
  readDrainVerdict,
  type WriteDrainRequestOptions,
  writeDrainRequest,
} from '@hermes/drain-contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CORPUS, inWordsOfPython, python, toldByPython } from './python-reader.ts';

const { error } = spawnSync('python3', ['--version'], { timeout: 120_000 });
if (error) console.warn(`skipped: markers read and written in Python: no python3 here: ${error.message}`);

const EPOCH = 'boot:1';

function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'hermes-python-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** What both readers conclude from the marker in `home`, in the same words. */
function bothVerdicts(home: string, epoch = EPOCH, now = Date.now()): { ours: unknown; theirs: unknown } {
  return {
    ours: inWordsOfPython(readDrainVerdict({ home, epoch, now })),
    theirs: toldByPython('--marker', drainRequestPath({ home }), '--epoch', epoch, '--now', String(now)),
  };
}

describe.skipIf(error)('the corpus', () => {
  test('is read in Python as it says', () => {
    const { status, stdout } = python(CORPUS);
    expect(stdout).toMatch(/^\d{3,} cases, 0 mismatches\n$/);
    expect(status).toBe(0);
  });

  test('of which a case is wrong fails, and the case is named', () => {
    const directory = temporaryHome();
    cpSync(join(CORPUS, 'presence.json'), join(directory, 'presence.json'));
    const wrong = readFileSync(join(directory, 'presence.json'), 'utf8').replace('"absent"', '"expired"');
    writeFileSync(join(directory, 'presence.json'), wrong);
    const { status, stdout } = python(directory);
    expect(stdout).toContain(
      "presence.json: Nothing there is no drain.\n  reason: expected 'expired', found 'absent'\n",
    );
    expect(stdout).toMatch(/ 1 mismatches\n$/);
    expect(status).toBe(1);
  });

  test('that is not there fails', () => {
    expect(python(join(temporaryHome(), 'nowhere')).status).toBe(1);
  });
});

describe.skipIf(error)('a marker that we write', () => {
  test.each<[what: string, options: WriteDrainRequestOptions]>([
    ['with nothing but its defaults', {}],
    ['with everything', { principal: 'ops', reason: 'new image', suppressNotification: true, maxAgeSeconds: 90.5 }],
    ['with texts of any script', { principal: 'Zoë "z"', reason: 'Grüße,\n世界 👋\u0007' }],
    ['for another boot', { epoch: 'boot:2' }],
    ['for an unknown epoch', { epoch: '' }],
  ])('%s is read in Python as by us', async (_what, options) => {
    const home = temporaryHome();
    const written = await writeDrainRequest({ home, epoch: EPOCH, ...options });
    const { ours, theirs } = bothVerdicts(home);
    expect(theirs).toEqual(ours);
    expect(theirs).toMatchObject({ body: written, active: written.epoch !== 'boot:2' });
  });
});

describe.skipIf(error)('a marker that Python writes', () => {
  test.each<[what: string, args: string[], active: boolean]>([
    ['for this boot', ['--epoch', EPOCH], true],
    ['for another boot', ['--epoch', 'boot:2'], false],
    ['without an epoch', [], true],
    ['for quiet', ['--epoch', EPOCH, '--quiet', '--principal', 'nas'], true],
    ['for somebody of any script', ['--epoch', EPOCH, '--principal', 'Zoë "z" 世界 👋'], true],
  ])('%s is read by us as in Python', (_what, args, active) => {
    const home = temporaryHome();
    const written = toldByPython('--write', drainRequestPath({ home }), ...args);
    const { ours, theirs } = bothVerdicts(home);
    expect(ours).toEqual(theirs);
    expect(ours).toMatchObject({ body: written, active });
  });

  test('is refreshed by us and stays the drain of who asked for it', async () => {
    const home = temporaryHome();
    toldByPython('--write', drainRequestPath({ home }), '--epoch', EPOCH, '--quiet', '--principal', 'nas');
    const refreshed = await writeDrainRequest({ home, epoch: EPOCH, reason: 'still at it' });
    expect(refreshed).toMatchObject({ principal: 'nas', suppress_notification: true, reason: 'still at it' });
    expect(bothVerdicts(home).theirs).toMatchObject({ active: true, suppressed: true, body: refreshed });
  });

  test('replaces ours, whose id and reason are gone for both', async () => {
    const home = temporaryHome();
    await writeDrainRequest({ home, epoch: EPOCH, reason: 'ours' });
    toldByPython('--write', drainRequestPath({ home }), '--epoch', EPOCH);
    const { ours, theirs } = bothVerdicts(home);
    expect(ours).toEqual(theirs);
    expect(ours).toMatchObject({ active: true, request: { request_id: null, reason: null } });
  });
});

describe.skipIf(error)('a file at the place of the marker', () => {
  test.each<[what: string, make: (path: string) => void, reason: string]>([
    ['that is missing', () => undefined, 'absent'],
    ['that is a directory', (path) => mkdirSync(path), 'unreadable'],
    [
      'that is a link to a marker',
      (path) => writeAged(`${path}.x`, '{}') ?? symlinkSync(`${path}.x`, path),
      'unreadable',
    ],
    ['that is empty', (path) => writeAged(path, ''), 'corrupt'],
    ['of exactly 64 KiB', (path) => writeAged(path, '{}'.padEnd(65_536)), 'no-epoch'],
    ['of one byte more', (path) => writeAged(path, '{}'.padEnd(65_537)), 'corrupt'],
    ['that is two hours old', (path) => writeAged(path, '{}', 7_200), 'expired'],
  ])('%s is the same to both', (_what, make, reason) => {
    const home = temporaryHome();
    make(drainRequestPath({ home }));
    const { ours, theirs } = bothVerdicts(home);
    expect(ours).toEqual(theirs);
    expect(ours).toMatchObject({ reason });
  });
});

/** Writes a file with an mtime of whole seconds: finer ones are rounded differently by the two languages. */
function writeAged(path: string, text: string, seconds = 0): void {
  writeFileSync(path, text);
  const mtime = Math.floor(Date.now() / 1000) - seconds;
  utimesSync(path, mtime, mtime);
}
