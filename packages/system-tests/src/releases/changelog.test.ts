import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, test } from 'vitest';

const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));
const GENERATOR = 'scripts/release/changelog-lines.mjs';
const CONFIGURATION = '.changeset/config.json';

const FILES: Readonly<Record<string, string | object>> = {
  'package.json': { name: 'fixture', private: true },
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
  'packages/gateway/package.json': {
    name: '@hermes/gateway',
    version: '0.1.0',
    dependencies: { '@hermes/contract': 'workspace:*' },
    devDependencies: { '@hermes/kit': 'workspace:*' },
  },
  'packages/contract/package.json': { name: '@hermes/contract', version: '0.1.0' },
  'packages/client/package.json': {
    name: '@hermes/client',
    version: '0.1.0',
    dependencies: { '@hermes/contract': 'workspace:*' },
  },
  'packages/kit/package.json': { name: '@hermes/kit', version: '0.0.0', private: true },
  '.changeset/a.md': `---
"@hermes/gateway": minor
"@hermes/contract": patch
---

A drain can be **extended**.

\`\`\`sh
drainctl extend --by 5m
\`\`\`
`,
  '.changeset/b.md': '---\n"@hermes/gateway": patch\n---\n\nA lost log is reported at once.\n',
};

test('changelogs have the changesets as they are, and all published packages get one version', () => {
  const root = temporaryDirectory();
  for (const [file, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  for (const file of [GENERATOR, CONFIGURATION]) cpSync(join(CHECKOUT, file), join(root, file));
  // Commits are there for the default generator to name.
  const identity = ['-c', 'user.name=Release Test', '-c', 'user.email=release@test.invalid'];
  for (const words of [
    ['init', '--quiet'],
    ['add', '--all'],
    [...identity, 'commit', '--quiet', '--message', 'test: all'],
  ])
    execFileSync('git', words, { cwd: root });
  execFileSync(process.execPath, [join(CHECKOUT, 'node_modules/@changesets/cli/bin.js'), 'version'], { cwd: root });

  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const version = (name: string) => JSON.parse(read(`packages/${name}/package.json`)).version;
  expect(['gateway', 'contract', 'client', 'kit'].map(version)).toEqual(['0.2.0', '0.2.0', '0.2.0', '0.0.0']);
  const extended = `- A drain can be **extended**.

  \`\`\`sh
  drainctl extend --by 5m
  \`\`\`
`;
  expect(read('packages/gateway/CHANGELOG.md')).toBe(
    `# @hermes/gateway\n\n## 0.2.0\n\n### Minor Changes\n\n${extended}\n### Patch Changes\n\n- A lost log is reported at once.\n`,
  );
  expect(read('packages/contract/CHANGELOG.md')).toBe(
    `# @hermes/contract\n\n## 0.2.0\n\n### Patch Changes\n\n${extended}`,
  );
  expect(read('packages/client/CHANGELOG.md')).toBe('# @hermes/client\n\n## 0.2.0\n\nNo changes in this release.\n');
});
