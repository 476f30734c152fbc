import { expect, test } from 'vitest';
import { sighting, turn } from '../../../dashboard-client/src/testing/sightings.ts';
import { Changes } from './changes.ts';

test('a change is printed at once, everything else when the heartbeat is due', () => {
  const changes = new Changes(30_000);
  expect(changes.kind(sighting({}), 0)).toBe('change');
  expect(changes.kind({ ...sighting({}), at: 5 }, 1_000)).toBeUndefined();
  expect(changes.kind(sighting({ turns: [turn('anna', { last_progress_at: 'later' })] }), 29_999)).toBeUndefined();
  expect(changes.kind(sighting({}), 30_000)).toBe('heartbeat');
  expect(changes.kind(sighting({ turns: [turn('anna', { stalled: true })] }), 30_001)).toBe('change');
  changes.reported(50_000);
  expect(changes.kind(sighting({ turns: [turn('anna', { stalled: true })] }), 79_999)).toBeUndefined();
});

test('there is no heartbeat of 0', () => {
  const changes = new Changes(0);
  changes.kind(sighting({}), 0);
  expect(changes.kind(sighting({}), 1e9)).toBeUndefined();
});
