import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import { splitText } from './split-text.ts';

/** Room in a piece for closing a block of code and opening it again. */
const FENCE_ROOM = 120;
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** A piece of a reply. */
export interface Piece {
  /** As it was written. */
  readonly text: string;
  /** The same with HTML in place of Markdown; `undefined` if that is no difference. */
  readonly html: string | undefined;
}

/** Cuts a reply in Markdown into pieces of at most `limit` UTF-16 units; a block of code that is cut is one in each. */
export function formatPieces(markdown: string, limit: number): Piece[] {
  return splitMarkdown(markdown, limit).map((text) => ({ text, html: formatted(text) }));
}

function splitMarkdown(markdown: string, limit: number): string[] {
  const isWithoutCode = !markdown.split('\n').some((line) => FENCE.test(line));
  if (markdown.length <= limit || isWithoutCode) return splitText(markdown, limit);
  let open = '';
  return splitText(markdown, limit - 2 * FENCE_ROOM).map((piece) => {
    const begin = open === '' ? '' : `${open}\n`;
    open = fenceAfter(piece, open);
    return `${begin}${piece}${open === '' ? '' : `\n${/^ *([`~]+)/.exec(open)?.[1]}`}`;
  });
}

/** The line that opened the block of code in which a piece ends; empty outside of one. */
function fenceAfter(piece: string, before: string): string {
  let open = before;
  for (const line of piece.split('\n')) {
    const [whole, fence = '', info = ''] = FENCE.exec(line) ?? [];
    if (whole === undefined) continue;
    const [, opened = ''] = FENCE.exec(open) ?? [];
    if (open === '') open = whole.length < FENCE_ROOM ? whole : fence.slice(0, FENCE_ROOM - 1);
    else if (fence[0] === opened[0] && fence.length >= opened.length && info.trim() === '') open = '';
  }
  return open;
}

function formatted(text: string): string | undefined {
  const html = blocks(lexer(text)).trim();
  return html === escaped(text).trim() || html === '' ? undefined : html;
}

function blocks(tokens: readonly Token[]): string {
  return tokens
    .filter(({ type }) => type !== 'space' && type !== 'def')
    .map((token) => block(token as MarkedToken))
    .join('\n\n');
}

function block(token: MarkedToken): string {
  switch (token.type) {
    case 'heading':
      return `<b>${inline(token.tokens)}</b>`;
    case 'code': {
      const language = /^[\w+#-]+/.exec(token.lang ?? '')?.[0];
      const code = escaped(token.text);
      return language === undefined
        ? `<pre>${code}</pre>`
        : `<pre><code class="language-${language}">${code}</code></pre>`;
    }
    case 'blockquote':
      return `<blockquote>${withoutQuotes(blocks(token.tokens))}</blockquote>`;
    case 'list':
      return list(token);
    case 'table':
      return `<pre>${escaped(token.raw.trim())}</pre>`;
    case 'hr':
      return '———';
    default:
      return 'tokens' in token && token.tokens ? inline(token.tokens) : escaped(token.raw.trim());
  }
}

/** Telegram has no quotes in quotes. */
function withoutQuotes(html: string): string {
  return html.replace(/<\/?blockquote>/g, '');
}

function list({ items, ordered, start }: Tokens.List): string {
  return items
    .map((item, index) => {
      const mark = ordered ? `${Number(start || 1) + index}.` : '•';
      const box = item.task ? `[${item.checked ? 'x' : ' '}] ` : '';
      const parts = item.tokens.filter(({ type }) => type !== 'space' && type !== 'checkbox');
      const body = parts.map((part) => block(part as MarkedToken)).join('\n');
      return `${mark} ${box}${body.replaceAll('\n', '\n  ')}`;
    })
    .join('\n');
}

function inline(tokens: readonly Token[]): string {
  return tokens.map((token) => span(token as MarkedToken)).join('');
}

function span(token: MarkedToken): string {
  switch (token.type) {
    case 'strong':
      return `<b>${inline(token.tokens)}</b>`;
    case 'em':
      return `<i>${inline(token.tokens)}</i>`;
    case 'del':
      return `<s>${inline(token.tokens)}</s>`;
    case 'codespan':
      return `<code>${escaped(token.text)}</code>`;
    case 'br':
      return '\n';
    case 'link':
      return link(token);
    case 'image':
      return link({ ...token, tokens: [{ type: 'text', raw: token.text, text: token.text }] });
    case 'escape':
      return escaped(token.text);
    default:
      return 'tokens' in token && token.tokens ? inline(token.tokens) : escaped(token.raw);
  }
}

/** Telegram finds a bare URL by itself. */
function link({ href, tokens, raw }: Pick<Tokens.Link, 'href' | 'tokens' | 'raw'>): string {
  if (!raw.startsWith('[') && !raw.startsWith('!')) return escaped(raw.replace(/^<|>$/g, ''));
  const text = inline(tokens ?? []);
  return /^(?:https?|tg|mailto):/i.test(href) ? `<a href="${escaped(href)}">${text}</a>` : text;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
