import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folderCircles } from './folder-circles.ts';

const ROOT = join(import.meta.dirname, '../../../..');

const sources = globSync(['apps/*/src', 'apps/*/web', 'packages/*/src'], { cwd: ROOT }).toSorted();

test('there are programs to look at', () => {
  expect(sources).toEqual(
    expect.arrayContaining(['apps/dashboard/src', 'apps/gateway/src', 'packages/drain-contract/src']),
  );
});

test.each(sources)('no folders of %s refer to each other in a circle', (source) => {
  expect(folderCircles(join(ROOT, source))).toEqual([]);
});

test('a circle is found with the imports that make it', () => {
  const root = directoryOf({
    'main.ts': "import { a } from './a/a.ts';",
    'a/a.ts': "import type { B } from '../b/b.ts';\nimport '../c.ts';",
    'b/b.ts': "export { a } from '../a/a.ts';",
    'b/b.test.ts': "import '../main.ts';",
    'testing/kit.ts': "import '../main.ts';",
    'c.ts': "import 'node:fs';",
  });
  expect(folderCircles(root)).toEqual([{ folders: ['a', 'b'], imports: ['a/a.ts -> b/b.ts', 'b/b.ts -> a/a.ts'] }]);
});

function directoryOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'folder-circles-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
