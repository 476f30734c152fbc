// Run in a workspace after its bundles are built: writes what its tarball tells of the packages that are in them.
import { readFileSync, writeFileSync } from 'node:fs';
import { readBundled } from './bundled.ts';
import { renderNotices } from './notices.ts';

const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync('THIRD-PARTY-NOTICES.md', renderNotices(`The bundled code of ${name}`, readBundled('.')));
