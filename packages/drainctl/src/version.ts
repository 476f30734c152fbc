import { readFileSync } from 'node:fs';

// The same path from the source and from what is built of it.
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

/** The version of this package. */
export const VERSION = manifest.version;
