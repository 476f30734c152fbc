import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DocsStack } from '../stack.ts';
import { pagesWithBlocks } from './blocks.ts';
import { isAsShown, runBlock } from './run-block.ts';

const PAGES = pagesWithBlocks();
let stack: DocsStack;

beforeAll(async () => {
  stack = await DocsStack.start();
});
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  const run = PAGES.flatMap(([, blocks]) => blocks.run);
  const reasons = PAGES.flatMap(([page, blocks]) => blocks.reasons.map((reason) => `  ${page}: ${reason}`));
  process.stdout.write(`${run.length} command blocks ran, ${reasons.length} did not:\n${reasons.join('\n')}\n`);
});

test('each command block is executed or says why not', () => {
  expect(PAGES.flatMap(([, { unmarked }]) => unmarked)).toEqual([]);
});

describe.each(PAGES.filter(([, { run }]) => run.length > 0))('the commands of %s', (page, { run }) => {
  test.each(run.map((block) => [block.line, block] as const))('run as shown, line %i', async (line, block) => {
    const printed = await runBlock(block, stack).catch((error: Error & { stdout?: string }) => {
      throw new Error(`${page}:${line}: ${error.message}\n${error.stdout ?? ''}`);
    });
    if (block.expected !== undefined && !isAsShown(printed, block.expected))
      throw new Error(`${page}:${line}: expected\n${block.expected}\n--- found\n${printed}`);
  });
});
