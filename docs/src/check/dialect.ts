import { readFileSync } from 'node:fs';
import { TextlintKernel, type TextlintRuleModule } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import text from '@textlint/textlint-plugin-text';
import { parse } from 'yaml';

/** Words that are refused, and what to write instead. */
interface Entry {
  readonly words: string;
  readonly instead: string;
}

/** A refused word, and where it stands. */
export interface Finding {
  readonly line: number;
  readonly message: string;
}

const ENTRIES = parse(readFileSync(new URL('../../words.yaml', import.meta.url), 'utf8')) as readonly Entry[];
const PATTERNS = ENTRIES.map(({ words, instead }) => ({
  // A phrase may go over the end of a line.
  pattern: new RegExp(`\\b(?:${words.replaceAll(' ', String.raw`\s+`)})\\b`, 'gi'),
  instead,
}));

/** Reports each word of `words.yaml` in prose. */
const dialect: TextlintRuleModule = ({ Syntax, RuleError, report, getSource, locator }) => ({
  [Syntax.Str](node) {
    const prose = getSource(node);
    for (const { pattern, instead } of PATTERNS) {
      for (const { 0: found, index } of prose.matchAll(pattern)) {
        report(node, new RuleError(`"${found}": ${instead}`, { padding: locator.at(index) }));
      }
    }
  },
});

const kernel = new TextlintKernel();

/** The refused words in `prose`. @param ext `.md` for Markdown, whose code does not count, or `.txt` for a message of a program */
export async function findDialect(prose: string, ext: '.md' | '.txt'): Promise<Finding[]> {
  const { messages } = await kernel.lintText(prose, {
    ext,
    plugins: [
      { pluginId: 'markdown', plugin: markdown.default ?? markdown },
      { pluginId: 'text', plugin: text.default ?? text },
    ],
    rules: [{ ruleId: 'dialect', rule: dialect }],
  });
  return messages.map(({ loc, message }) => ({ line: loc.start.line, message }));
}
