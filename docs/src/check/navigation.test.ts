import { expect, test } from 'vitest';
import { NAVIGATION } from '../navigation.ts';
import { sitePages } from '../pages.ts';

test('the navigation of the site has every page', () => {
  const listed = NAVIGATION.flatMap(({ pages }) => pages.map(([, path]) => `docs/${path}.md`));
  expect(listed.toSorted()).toEqual(sitePages().toSorted());
});
