import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as github from '@actions/workflow-parser';
import { temporaryDirectory } from '@hermes/test-kit';
import { build } from 'rolldown';
import { expect, test } from 'vitest';

const FILE = new URL('../../../../.github/workflows/release.yml', import.meta.url);

/** GitHub's own parser. It imports JSON in the way of bundlers, so that Node cannot load it as it is. */
async function loadParser(): Promise<typeof github> {
  const file = join(temporaryDirectory(), 'parser.mjs');
  const input = fileURLToPath(import.meta.resolve('@actions/workflow-parser'));
  await build({ input, platform: 'node', logLevel: 'warn', output: { file, format: 'esm', codeSplitting: false } });
  return await import(pathToFileURL(file).href);
}

/** What GitHub has against a workflow, and what its steps run. */
async function look(content: string): Promise<{ errors: string[]; runs: string[] }> {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await loadParser();
  const { context, value } = parseWorkflow({ name: 'release.yml', content }, new NoOperationTraceWriter());
  const errors = context.errors.getErrors().map(({ message }) => message);
  if (value === undefined || errors.length > 0) return { errors, runs: [] };
  const template = await convertWorkflowTemplate(context, value);
  const steps = template.jobs.flatMap((job) => (job.type === 'job' ? job.steps : []));
  return {
    errors: template.errors?.map(({ Message }) => Message) ?? [],
    runs: steps.flatMap((step) => ('run' in step ? step.run.toString() : [])),
  };
}

test('the release workflow is one that GitHub accepts, and runs the release command', async () => {
  const { errors, runs } = await look(readFileSync(FILE, 'utf8'));
  expect(errors).toEqual([]);
  expect(runs.filter((run) => run.includes('npm run release'))).toHaveLength(1);
});

test('a mistake in a workflow is found', async () => {
  const { errors } = await look(readFileSync(FILE, 'utf8').replace('runs-on:', 'run-on:'));
  expect(errors.join('\n')).toContain("Unexpected value 'run-on'");
});
