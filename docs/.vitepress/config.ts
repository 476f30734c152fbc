import GithubSlugger from 'github-slugger';
import { defineConfig } from 'vitepress';
import { NAVIGATION } from '../src/navigation.ts';

/** Files of the checkout are no pages of the site: their links become text. */
const OUTSIDE = /^(?:\.\.\/)+(?:README\.md|[A-Z]+\.md|LICENSE|apps\/|deploy\/|packages\/|scripts\/)/;
const UP = /^(?:\.\.\/)+/;

export default defineConfig({
  title: 'Hermes Drain',
  description: 'Reversible drain and s6 supervision for long-running agent gateways',
  lang: 'en',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  // The links between pages are checked by src/check/links.test.ts, which also knows files outside of the site.
  ignoreDeadLinks: true,
  srcExclude: ['node_modules/**', 'src/**'],
  markdown: {
    // The same anchors as on GitHub.
    anchor: { slugify: (text) => new GithubSlugger().slug(text) },
    config: (md) => {
      md.core.ruler.push('files-of-the-checkout', ({ tokens }) => {
        for (const { children } of tokens) {
          for (const [index, token] of (children ?? []).entries()) {
            const href = token.type === 'link_open' ? (token.attrGet('href') ?? '') : '';
            const end = children?.slice(index).find(({ type }) => type === 'link_close');
            if (!OUTSIDE.test(href) || end === undefined) continue;
            token.tag = end.tag = 'span';
            token.attrs = [['title', `in the checkout: ${href.replace(UP, '')}`]];
          }
        }
      });
    },
  },
  themeConfig: {
    nav: [
      { text: 'Quick start', link: '/quick-start' },
      { text: 'Alerts', link: '/operate/alerts' },
      { text: 'Troubleshooting', link: '/troubleshooting' },
      { text: 'Reference', link: '/reference/' },
    ],
    sidebar: NAVIGATION.map(({ title, pages }) => ({
      text: title,
      items: pages.map(([text, path]) => ({ text, link: `/${path.replace(/(^|\/)index$/, '$1')}` })),
    })),
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
