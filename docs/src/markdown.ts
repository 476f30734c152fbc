import { parse } from '@textlint/markdown-to-ast';
import GithubSlugger from 'github-slugger';

/** What we read of a node of the syntax tree. */
interface MarkdownNode {
  readonly type: string;
  readonly children?: readonly MarkdownNode[];
  readonly value?: string;
  readonly url?: string;
  readonly lang?: string | null;
  readonly meta?: string | null;
  readonly loc: { readonly start: { readonly line: number } };
}

/** A link, or a picture. */
export interface Link {
  readonly url: string;
  readonly line: number;
}

/** A fenced block. */
export interface Fence {
  readonly language: string;
  /** What stands behind the language. */
  readonly info: string;
  readonly text: string;
  readonly line: number;
  /** The heading above it. */
  readonly heading: string;
}

export interface Page {
  readonly links: readonly Link[];
  readonly fences: readonly Fence[];
  /** The anchors of its headings, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
  /** Its headings of the second level. */
  readonly sections: readonly string[];
}

/** What the checks need to know of a page in Markdown. */
export function readMarkdown(markdown: string): Page {
  const links: Link[] = [];
  const fences: Fence[] = [];
  const sections: string[] = [];
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  let heading = '';
  for (const node of walk(parse(markdown) as MarkdownNode)) {
    const { line } = node.loc.start;
    if (node.type === 'Header') {
      heading = textOf(node);
      anchors.add(slugger.slug(heading));
      if (markdown.split('\n')[line - 1]?.startsWith('## ')) sections.push(heading);
    }
    if ((node.type === 'Link' || node.type === 'Image') && node.url !== undefined) links.push({ url: node.url, line });
    if (node.type === 'CodeBlock' && node.lang)
      fences.push({ language: node.lang, info: node.meta ?? '', text: node.value ?? '', line, heading });
  }
  return { links, fences, anchors, sections };
}

function* walk(node: MarkdownNode): Generator<MarkdownNode> {
  yield node;
  for (const child of node.children ?? []) yield* walk(child);
}

function textOf(node: MarkdownNode): string {
  return node.value ?? (node.children ?? []).map(textOf).join('');
}
