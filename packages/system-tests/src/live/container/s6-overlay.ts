import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const STAND_IN = fileURLToPath(new URL('s6-overlay/', import.meta.url));
const README = fileURLToPath(new URL('../../../../../deploy/image/README.md', import.meta.url));

/** Files that have s6-overlay's part played in place of the image's own first stage, for `layer`. */
export function s6OverlayFiles(): Record<string, string> {
  const programs = readdirSync(STAND_IN).map((name) => [
    `/usr/lib/s6-overlay/${name}`,
    readFileSync(join(STAND_IN, name), 'utf8'),
  ]);
  return { ...Object.fromEntries(programs), '/usr/lib/hermes/init': '#!/bin/sh\nexec /usr/lib/s6-overlay/init\n' };
}

/** The variables that the documentation has people set in an image on s6-overlay. */
export function s6OverlaySettings(): Record<string, string> {
  const section = readFileSync(README, 'utf8').split('\n## On s6-overlay v3\n')[1] ?? '';
  const settings = [...section.matchAll(/^ENV (S6_\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
  if (settings.length === 0)
    throw new Error(`${README}: expected lines like ENV S6_KEEP_ENV=1 below "On s6-overlay v3"`);
  return Object.fromEntries(settings);
}
