import { expect, test } from 'vitest';
import { allPages, changesets, read } from '../pages.ts';
import { findDialect } from './dialect.ts';

/** Behind it, `npm run bench -- --record` writes the words of the benchmarks. */
const FIGURES = '<!-- table -->';

// The generated references hold the help, the problem codes and the descriptions of the programs to the same words.
test.each([...allPages(), ...changesets()])('%s has no word that readers would have to translate', async (page) => {
  const findings = await findDialect(read(page).split(FIGURES)[0] ?? '', '.md');
  expect(findings.map(({ line, message }) => `${page}:${line}: ${message}`)).toEqual([]);
});

test.each([
  ['A client that\nis told nothing', 1],
  ['Whoever reads `nobody`, and somebody', 2],
])('finds them across lines, and not in code: %j', async (prose, count) => {
  expect(await findDialect(prose, '.md')).toHaveLength(count);
});

test('reads the message of a program, too', async () => {
  expect(await findDialect('nobody is `told`', '.txt')).toHaveLength(1);
});
