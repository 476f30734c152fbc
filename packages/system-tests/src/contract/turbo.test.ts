import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Settings of the programs, which tests set for the programs that they start. */
const OF_PROGRAMS = ['HERMES_HOME', 'HERMES_NOTIFY_FD'];

interface Tasks {
  readonly tasks: Readonly<Record<string, { readonly env?: string[]; readonly inputs?: string[] }>>;
}

const { tasks } = JSON.parse(readFileSync(`${CHECKOUT}turbo.json`, 'utf8')) as Tasks;
const sources = globSync('{apps,packages}/*/src/**/*.ts', { cwd: CHECKOUT });

/** Chooses the tests. */
const RUNNER = 'vitest.base.ts';

test('a variable that changes what a test does changes the hash of the task: a long run is no cached pass', () => {
  const read = new Set<string>();
  for (const path of [...sources, RUNNER]) {
    // What runs in a test: itself, and what the system tests share.
    if (!path.endsWith('.test.ts') && !path.startsWith('packages/system-tests/') && path !== RUNNER) continue;
    const text = readFileSync(CHECKOUT + path, 'utf8');
    for (const [, name = '', assigned] of text.matchAll(
      /(?:process\.env(?:\.|\[')|amount\(')((?:HERMES|SOAK)_\w+)(?:'\])?( =(?!=))?/g,
    )) {
      if (assigned === undefined && !OF_PROGRAMS.includes(name)) read.add(name);
    }
  }
  expect(read.size).toBeGreaterThan(10);
  expect([...(tasks['test']?.env ?? [])].sort()).toEqual([...read].sort());
});

test('a change in deploy/ reruns only the workspaces whose tests read it', () => {
  expect(tasks['test']?.inputs?.filter((input) => input.includes('deploy'))).toEqual([]);
  const readers = sources.filter((path) =>
    /(\.\.\/|CHECKOUT, '|')deploy\//.test(readFileSync(CHECKOUT + path, 'utf8')),
  );
  const workspaces = new Set(readers.map((path) => path.split('/').slice(0, 2).join('/')));
  const watching = globSync('{apps,packages}/*/turbo.json', { cwd: CHECKOUT }).filter((path) =>
    readFileSync(CHECKOUT + path, 'utf8').includes('$TURBO_ROOT$/deploy/'),
  );
  expect(watching.sort()).toEqual([...workspaces].map((workspace) => `${workspace}/turbo.json`).sort());
});

test('types are checked again when the configuration of the bundler changes, which is checked with them', () => {
  expect(tasks['typecheck']?.inputs).toContain('rolldown.config.ts');
});
