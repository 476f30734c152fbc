import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPieces } from './format-text.ts';

const html = (markdown: string) => formatPieces(markdown, 4_096).map((piece) => piece.html ?? piece.text);

/** Each tag that is opened is closed, in order. */
function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const [, slash, name = ''] of text.matchAll(/<(\/?)(\w+)[^>]*>/g)) {
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

describe('the markup of a reply', () => {
  it.each<[markdown: string, html: string]>([
    ['# Title\ntext', '<b>Title</b>\n\ntext'],
    ['**a *b* ~~c~~**', '<b>a <i>b</i> <s>c</s></b>'],
    ['```js\nif (a < b) {}\n```', '<pre><code class="language-js">if (a &lt; b) {}</code></pre>'],
    ['- a\n- **b**\n  - c', '• a\n• <b>b</b>\n  • c'],
    ['3. a\n4. b\n\n**c**', '3. a\n4. b\n\n<b>c</b>'],
    ['> a\n> > b', '<blockquote>a\n\nb</blockquote>'],
    ['[x](javascript:alert(1)) **y**', 'x <b>y</b>'],
    ['![cat](https://e/c.png)', '<a href="https://e/c.png">cat</a>'],
    ['see https://e/_a_b_ and snake_case_name', 'see https://e/_a_b_ and snake_case_name'],
    ['| a | b |\n|---|---|\n| 1 | 2 |', '<pre>| a | b |\n|---|---|\n| 1 | 2 |</pre>'],
    ['2 * 3 * 4 < 30 & "x"', '2 * 3 * 4 < 30 & "x"'],
    ['<b>x</b> `y`', '&lt;b&gt;x&lt;/b&gt; <code>y</code>'],
    ['\\*a\\*', '*a*'],
  ])('%j is %j', (markdown, expected) => {
    expect(html(markdown)).toEqual([expected]);
  });

  it('closes a block of code at the end of a piece, and opens it again in the next one', () => {
    const code = Array.from({ length: 40 }, (_, line) => `line ${line} of code`).join('\n');
    const pieces = formatPieces(`Here:\n\n\`\`\`python\n${code}\n\`\`\`\n\nDone **now**.`, 400);
    expect(pieces.length).toBeGreaterThan(2);
    for (const { text } of pieces) expect(text.length).toBeLessThanOrEqual(400);
    for (const piece of pieces.slice(1, -1)) expect(piece.html).toMatch(/^<pre><code class="language-python">line/);
    expect(
      pieces
        .map((piece) => piece.html ?? '')
        .join('')
        .match(/line \d+ of code/g),
    ).toHaveLength(40);
    expect(pieces.at(-1)?.html).toMatch(/<b>now<\/b>\.$/);
  });

  it('is balanced in every piece, which fits', () => {
    const unit = fc.constantFrom(
      'a',
      ' ',
      '\n',
      '*',
      '**',
      '_',
      '`',
      '```',
      '~~',
      '> ',
      '- ',
      '[a](http://b)',
      '<i>',
      '&',
      '|',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 600 }), (markdown) => {
        for (const piece of formatPieces(markdown, 300)) {
          expect(piece.text.length).toBeLessThanOrEqual(300);
          expect(isBalanced(piece.html ?? '')).toBe(true);
        }
      }),
    );
  });
});
