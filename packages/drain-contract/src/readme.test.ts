import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { commandLine } from './testing/programs.ts';

const textOf = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('the example in the README', () => {
  it('is the program that is checked and run here', () => {
    const program = textOf('src/testing/programs/readme-example.ts');
    expect(textOf('README.md')).toContain(
      `\`\`\`ts\n${program.replace('../../index.ts', '@hermes/drain-contract')}\`\`\`\n`,
    );
  });

  it('begins a drain, finds no gateway that answers it, and cancels it', () => {
    const home = temporaryDirectory();
    const [command = '', ...args] = commandLine('readme-example', home);
    const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000 });
    expect([stdout, stderr, status]).toEqual(['draining for new image\nnot safe to stop\n', '', 0]);
    expect(readdirSync(home)).toEqual(['.drain_request.lock']);
  });
});
