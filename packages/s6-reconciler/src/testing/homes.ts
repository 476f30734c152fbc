import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';

/** Makes a profile's home out of files and their texts. */
export function makeProfile(home: string, files: Record<string, string> = {}): void {
  mkdirSync(home, { recursive: true });
  for (const [name, text] of Object.entries({ 'SOUL.md': '', ...files })) writeFileSync(join(home, name), text);
}

/** A root home with these profiles in it, each with its files. */
export function homeWith(profiles: Record<string, Record<string, string>> = {}): string {
  const home = temporaryDirectory();
  for (const [name, files] of Object.entries(profiles)) makeProfile(join(home, 'profiles', name), files);
  return home;
}
