import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { formatIsoDateTime } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { markerPath, putMarker } from '../testing/markers.ts';
import { quietLog } from '../testing/quiet-log.ts';
import { MarkerProbe } from './marker-probe.ts';
import { MarkerWarnings } from './warnings.ts';

const OLD = formatIsoDateTime(Date.now() - 7_200_000);
const OLDER = formatIsoDateTime(Date.now() - 8_200_000);

let home: string;
let warnings: string[];
let look: () => void;

beforeEach(() => {
  home = temporaryDirectory();
  const quiet = quietLog();
  warnings = quiet.warnings;
  const probe = new MarkerProbe(home, 'epoch');
  const marker = new MarkerWarnings(quiet.log);
  // The watcher and every message read the marker; only the first read may warn.
  look = () => {
    for (let times = 0; times < 3; times++) marker.consider(probe.look());
  };
});

describe('MarkerWarnings', () => {
  it.each<[what: string, put: () => void, warning: string]>([
    ['expired', () => putMarker(home, { requested_at: OLD }), 'has expired without a refresh and is ignored'],
    ['of another boot', () => putMarker(home, { epoch: 'other' }), 'from before a restart of the machine'],
    ['corrupt', () => writeFileSync(markerPath(home), 'x'), 'is corrupt; the gateway drains as a precaution'],
    ['unreadable', () => mkdirSync(markerPath(home)), 'cannot be read and is ignored'],
  ])('warns once, not once per read, about a marker that is %s', (_what, put, warning) => {
    put();
    look();
    look();
    expect(warnings).toEqual([expect.stringContaining(warning)]);
  });

  it('has nothing to warn of in a good marker, or none', () => {
    look();
    putMarker(home, { epoch: 'epoch' });
    look();
    expect(warnings).toEqual([]);
  });

  it('warns again of an expired marker with another time', () => {
    putMarker(home, { requested_at: OLDER });
    look();
    putMarker(home, { requested_at: OLD });
    look();
    expect(warnings).toHaveLength(2);
  });

  it('does not warn again when an expired marker is rewritten with the same time', () => {
    for (const reason of ['one', 'two', 'three']) {
      putMarker(home, { requested_at: OLD, reason });
      look();
    }
    expect(warnings).toHaveLength(1);
  });

  it('warns again when the marker was gone in between', () => {
    mkdirSync(markerPath(home));
    look();
    rmSync(markerPath(home), { recursive: true });
    look();
    mkdirSync(markerPath(home));
    look();
    expect(warnings).toHaveLength(2);
  });
});
