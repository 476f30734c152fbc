import { type Fence, readMarkdown } from '../markdown.ts';
import { allPages, GENERATED, read } from '../pages.ts';

/** The languages whose blocks a reader would run. */
const LANGUAGES = ['sh', 'bash', 'js', 'python'];
/** `npm run tour` executes the blocks below this heading. */
const TOUR = /tour$/i;

/** A block that is executed, and what it has to print. */
export interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
  readonly expected: string | undefined;
}

/** The command blocks of a page. */
export interface Blocks {
  readonly run: readonly Block[];
  /** Why others are not executed. */
  readonly reasons: readonly string[];
  /** Blocks that say neither. */
  readonly unmarked: readonly string[];
}

/** The pages with command blocks that are executed or say why not. Packages' own READMEs are left to the tests of the packages. */
export function pagesWithBlocks(): [page: string, blocks: Blocks][] {
  const generated: readonly string[] = GENERATED;
  const pages = allPages().filter((page) => !/^(apps|packages)\//.test(page) && !generated.includes(page));
  return pages.map((page) => [page, blocksOf(page, readMarkdown(read(page)).fences)]);
}

function blocksOf(page: string, fences: readonly Fence[]): Blocks {
  const commands = fences.filter(({ language, heading }) => LANGUAGES.includes(language) && !TOUR.test(heading));
  const isRun = ({ info }: Fence): boolean => info === 'run';
  const reason = ({ info }: Fence): string | undefined => /^no-run: (.{5,})$/.exec(info)?.[1];
  return {
    run: commands.filter(isRun).map((fence) => {
      const next = fences[fences.indexOf(fence) + 1];
      const expected = next !== undefined && next.language === 'text' && next.info === 'output' ? next.text : undefined;
      return { language: fence.language, text: fence.text, line: fence.line, expected };
    }),
    reasons: commands.flatMap((fence) => reason(fence) ?? []),
    unmarked: commands
      .filter((fence) => !isRun(fence) && reason(fence) === undefined)
      .map(({ language, line }) => `${page}:${line}: expected "${language} run" or "${language} no-run: REASON"`),
  };
}
