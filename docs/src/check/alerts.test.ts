import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readMarkdown } from '../markdown.ts';
import { read } from '../pages.ts';

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string }[] }[];
}

test('docs/operate/alerts.md has a section for each alert, and for nothing else', () => {
  const { groups } = parse(read('deploy/prometheus/alerts.yaml')) as Rules;
  const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
  expect(readMarkdown(read('docs/operate/alerts.md')).sections.toSorted()).toEqual(alerts.toSorted());
});
