import type { Outcome } from './scenarios.ts';

/** What a scenario came to, with the last release as its first version, and with it as its second. */
export interface Row {
  readonly title: string;
  readonly upgrade: Outcome;
  readonly rollback: Outcome;
}

const WORDS: Readonly<Record<Outcome, string>> = {
  works: 'works',
  refused: 'refused with exit code 78, nothing is changed',
};

/** The text of docs/compatibility.md. @param release the version that was tried against */
export function compatibilityPage(release: string, rows: readonly Row[]): string {
  const table = rows.map(({ title, upgrade, rollback }) => `| ${title} | ${WORDS[upgrade]} | ${WORDS[rollback]} |`);
  return `# Compatibility

You want to know which versions work together on one home, for example while you upgrade one program after the other.

All packages of a release have the same version. Each row was played with the published programs of ${release} and with the
programs of this source tree. This page is written by that test, and the test fails if it finds something else.

| situation | first is ${release}, second is this version | first is this version, second is ${release} |
| --- | --- | --- |
${table.join('\n')}

"Refused" means: the gateway does not start, because a newer version has converted its journal. Its message says which
release to install. [Upgrade and roll back](upgrade.md) has the procedures.

The format of each file is compared with recordings of every release as well: what an old version wrote keeps its meaning, and
what this version writes can be read by the old one.
`;
}
