import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new directory, removed when the test is over, however it ends. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'hermes-dashboard-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** Makes a profile under `home`. @returns its own home. */
export function addProfile(home: string, name: string): string {
  const profileHome = join(home, 'profiles', name);
  mkdirSync(profileHome, { recursive: true });
  writeFileSync(join(profileHome, 'SOUL.md'), '');
  return profileHome;
}
