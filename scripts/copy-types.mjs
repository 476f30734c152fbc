// Run in a workspace after `tsc`: copies the declarations of one entry, and of what it refers to, from build/ into dist/types/.
// A tarball of bundled code has no dependencies, so its declarations may only refer to each other and to Node.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const NODE_TYPES = '/// <reference types="node" />\n';

const [entry = ''] = process.argv.slice(2);
const wanted = [entry];
rmSync('dist/types', { recursive: true, force: true });
for (const file of wanted) {
  const text = readFileSync(join('build', `${file}.d.ts`), 'utf8');
  for (const [, target = ''] of text.matchAll(/(?:from|import\() ?'([^']+)'/g)) {
    if (target.startsWith('node:')) continue;
    if (!target.startsWith('.')) throw new Error(`${file}.d.ts refers to ${target}, which the tarball does not bring`);
    const referred = normalize(join(file, '..', target)).replace(/\.[jt]s$/, '');
    if (!wanted.includes(referred)) wanted.push(referred);
  }
  const target = join('dist', 'types', `${file}.d.ts`);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, file === entry ? `${NODE_TYPES}${text}` : text);
}
