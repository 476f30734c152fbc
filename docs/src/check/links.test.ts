import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { readMarkdown } from '../markdown.ts';
import { allPages, ROOT, read } from '../pages.ts';

const PAGES = new Map(allPages().map((page) => [page, readMarkdown(read(page))]));

test.each([...PAGES])('every link in %s leads somewhere', (page, { links }) => {
  expect(
    links.flatMap(({ url, line }) => problem(page, url).map((what) => `${page}:${line}: ${url}: ${what}`)),
  ).toEqual([]);
});

test('there are links to check', () => {
  expect([...PAGES.values()].flatMap(({ links }) => links).length).toBeGreaterThan(100);
});

function problem(page: string, url: string): string[] {
  if (/^[a-z]+:/.test(url)) return url.startsWith('https://') ? [] : ['expected https'];
  const [path = '', anchor] = url.split('#');
  const target = path === '' ? page : join(dirname(page), decodeURI(path));
  if (relative(ROOT, join(ROOT, target)).startsWith('..')) return ['leads out of the checkout'];
  if (!existsSync(join(ROOT, target))) return [`there is no ${target}`];
  if (anchor === undefined) return [];
  if (!statSync(join(ROOT, target)).isFile() || !target.endsWith('.md'))
    return ['an anchor in something that has none'];
  const { anchors } = PAGES.get(target) ?? readMarkdown(read(target));
  return anchors.has(anchor) ? [] : [`${target} has no heading with this anchor`];
}
