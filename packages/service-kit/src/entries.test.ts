import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const IMPORT = /(?:from|import)\s*\(?['"]([^'"]+)['"]/g;
const built = (file: string) => new URL(`../dist/${file}`, import.meta.url);

/** The modules of others that an entry reaches, at run time or in its types; Node's own left out. */
function packagesReachedFrom(entry: URL): string[] {
  const seen = new Set([entry.href]);
  const packages = new Set<string>();
  for (const file of seen) {
    for (const [, name = ''] of readFileSync(new URL(file), 'utf8').matchAll(IMPORT)) {
      if (name.startsWith('.')) seen.add(sameKind(new URL(name, file), file));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  }
  return [...packages].sort();
}

/** Declarations name each other with the ending of the source. */
function sameKind(target: URL, from: string): string {
  const href = from.endsWith('.d.ts') ? target.href.replace(/(\.d)?\.[jt]s$/, '.d.ts') : target.href;
  if (!existsSync(new URL(href))) throw new Error(`${from} imports ${href}, which is not there; is it built?`);
  return href;
}

test.each(['index.js', 'index.d.ts'])('%s reaches no server framework', (file) => {
  expect(packagesReachedFrom(built(file))).toEqual(['pino']);
});

test('http/index.d.ts has the types of Fastify and zod, which who serves HTTP installs', () => {
  expect(packagesReachedFrom(built('http/index.d.ts'))).toEqual(['fastify', 'pino', 'zod']);
  expect(packagesReachedFrom(built('http/index.js'))).toEqual([]);
});

test('webhook/index.js needs what signs, which a program that sends webhooks installs', () => {
  expect(packagesReachedFrom(built('webhook/index.js'))).toEqual(['standardwebhooks']);
});
