import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export { temporaryDirectory as temporaryHome } from '@hermes/test-kit';

/** Makes a profile under `home`. @returns its own home. */
export function addProfile(home: string, name: string): string {
  const profileHome = join(home, 'profiles', name);
  mkdirSync(profileHome, { recursive: true });
  writeFileSync(join(profileHome, 'SOUL.md'), '');
  return profileHome;
}
