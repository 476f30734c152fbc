import { readFileSync } from 'node:fs';

/** The directory of this package, from its source, from what is built of it, and from a bundle. */
export const PACKAGE = new URL('../', import.meta.url);

const manifest = JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8')) as { version: string };

/** The version of this package. */
export const VERSION = manifest.version;
