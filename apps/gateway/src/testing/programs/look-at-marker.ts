/** look-at-marker HOME UID MODE...: sets each mode on the marker in turn and prints the verdict that this user reads. */
import { chmodSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { MarkerProbe } from '../../drain/marker-probe.ts';

// Longer than the resolution of file times, so that only the change of mode reveals a change.
const SETTLED_MS = 100;

const [home = '', uid = '', ...modes] = process.argv.slice(2);
const probe = new MarkerProbe(home, 'epoch');
for (const mode of modes) {
  process.seteuid?.(0);
  chmodSync(probe.path, Number.parseInt(mode, 8));
  await delay(SETTLED_MS);
  process.seteuid?.(Number(uid));
  const verdict = probe.look();
  console.log(verdict.active ? verdict.reason : `${verdict.reason} ${verdict.code}`);
}
