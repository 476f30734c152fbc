import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DrainVerdict, formatIsoDateTime } from '@hermes/drain-contract';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { markerPath, markerText, putMarker } from '../testing/markers.ts';
import { MarkerProbe } from './marker-probe.ts';

let home: string;
let path: string;

beforeEach(() => {
  home = temporaryDirectory();
  path = markerPath(home);
});

function probeOf(epoch = 'epoch') {
  const probe = new MarkerProbe(home, epoch);
  const changes: DrainVerdict['reason'][] = [];
  probe.on('change', (verdict) => changes.push(verdict.reason));
  return { probe, changes };
}

describe('MarkerProbe', () => {
  it('finds nothing in an empty home, and emits no change', () => {
    const { probe, changes } = probeOf();
    expect(probe.look()).toEqual({ active: false, reason: 'absent' });
    expect(changes).toEqual([]);
  });

  it('emits each change once, before look returns', () => {
    const { probe } = probeOf();
    const events: string[] = [];
    probe.on('change', ({ reason }) => events.push(`change ${reason}`));
    const look = () => events.push(`look ${probe.look().reason}`);
    look();
    putMarker(home, { epoch: 'epoch' });
    look();
    look();
    rmSync(path);
    look();
    look();
    expect(events).toEqual([
      'look absent',
      'change current',
      'look current',
      'look current',
      'change absent',
      'look absent',
      'look absent',
    ]);
  });

  it.each<[what: string, reason: DrainVerdict['reason'], replace: () => void]>([
    ['a directory', 'unreadable', () => mkdirSync(path)],
    ['a link', 'unreadable', () => symlinkSync('/etc/hostname', path)],
    ['a link to nothing', 'unreadable', () => symlinkSync('nowhere', path)],
    ['a FIFO', 'unreadable', () => execFileSync('mkfifo', [path])],
    ['a broken marker', 'corrupt', () => writeFileSync(path, '{"action":"dr')],
    ['a marker of another boot', 'stale-epoch', () => putMarker(home, { epoch: 'other' })],
    ['a marker without an epoch', 'no-epoch', () => putMarker(home)],
  ])('notices when %s takes the place of the marker', (_what, reason, replace) => {
    const { probe, changes } = probeOf();
    putMarker(home, { epoch: 'epoch' });
    probe.look();
    rmSync(path);
    replace();
    expect(probe.look().reason).toBe(reason);
    expect(changes).toEqual(['current', reason]);
  });

  it('emits a change when one unreadable file replaces another', () => {
    const { probe, changes } = probeOf();
    mkdirSync(path);
    probe.look();
    rmSync(path, { recursive: true });
    symlinkSync('nowhere', path);
    expect(probe.look()).toMatchObject({ code: 'ELOOP' });
    expect(changes).toEqual(['unreadable', 'unreadable']);
  });

  it.each([
    ['principal', 'alice', 'carol'],
    ['reason', 'disk', 'fans'],
    ['request_id', 'r1', 'r2'],
    ['suppress_notification', true, false],
    ['max_age_seconds', 60, 90],
  ])('emits a change when the %s of a marker changes', (field, before, after) => {
    const { probe, changes } = probeOf();
    const requested_at = formatIsoDateTime(Date.now());
    putMarker(home, { requested_at, [field]: before });
    probe.look();
    putMarker(home, { requested_at, [field]: after });
    expect(probe.look().request).toMatchObject({ [field]: after });
    expect(changes).toHaveLength(2);
  });
});

describe('a MarkerProbe of a user who is not the super-user', () => {
  it.skipIf(lacking('root, to become a user who may not read the marker', isRoot()))(
    'notices when it may no longer read a settled marker, and when it may again',
    () => {
      chmodSync(home, 0o755);
      putMarker(home, { epoch: 'epoch' });
      const program = fileURLToPath(new URL('../testing/programs/look-at-marker.ts', import.meta.url));
      const looks = execFileSync(process.execPath, [program, home, '10000', '644', '000', '644'], { encoding: 'utf8' });
      expect(looks).toBe('current\nunreadable EACCES\ncurrent\n');
    },
  );
});

/** Ways to change the marker so fast that its times and size may stay the same. */
const REWRITES: [how: string, rewrite: (text: string) => void][] = [
  ['in place', (text) => writeFileSync(path, text)],
  [
    'by rename',
    (text) => {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    },
  ],
  [
    'in place with its old mtime given back',
    (text) => {
      writeFileSync(path, text);
      utimesSync(path, 1_000_000_000, 1_000_000_000);
    },
  ],
];

describe('a MarkerProbe whose marker is rewritten at the same size without a pause', () => {
  it.each(REWRITES)('sees every text that is written %s', (_how, rewrite) => {
    const { probe } = probeOf();
    const seen: unknown[] = [];
    const written = Array.from({ length: 300 }, (_, index) => `reason ${index + 100}`);
    for (const reason of written) {
      rewrite(markerText({ reason }));
      seen.push(probe.look().request?.reason);
    }
    expect(seen).toEqual(written);
  });
});

describe('a MarkerProbe as time passes', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  it('lets a marker lapse by the clock alone, the instant after its last one', () => {
    const { probe, changes } = probeOf();
    const since = Date.now();
    putMarker(home, { requested_at: formatIsoDateTime(since), max_age_seconds: 1 });
    vi.setSystemTime(since + 1_000);
    expect(probe.look()).toMatchObject({ active: true, expiresAt: since + 1_000 });
    vi.setSystemTime(since + 1_001);
    expect(probe.look().reason).toBe('expired');
    probe.look();
    expect(changes).toEqual(['no-epoch', 'expired']);
  });

  it('takes the age of a marker without a time from the file', () => {
    const { probe } = probeOf();
    writeFileSync(path, 'not JSON');
    const written = statSync(path).mtimeMs;
    vi.setSystemTime(written + 3_599_000);
    expect(probe.look().reason).toBe('corrupt');
    vi.setSystemTime(written + 3_601_000);
    expect(probe.look().reason).toBe('expired');
  });

  it('counts a marker again once it is refreshed', () => {
    const { probe, changes } = probeOf();
    putMarker(home, { requested_at: formatIsoDateTime(Date.now() - 5_000), max_age_seconds: 1 });
    probe.look();
    putMarker(home, { max_age_seconds: 1 });
    expect(probe.look().active).toBe(true);
    expect(changes).toEqual(['expired', 'no-epoch']);
  });
});
