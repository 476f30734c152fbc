import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles one file of C into `directory`. @returns the program. */
export function compile(source: URL, directory: string): string {
  const path = fileURLToPath(source);
  const program = join(directory, basename(path, '.c'));
  execFileSync(
    'cc',
    ['-std=c17', '-O2', '-Wall', '-Wextra', '-Werror', '-Wno-format-truncation', '-o', program, path],
    { stdio: 'inherit' },
  );
  return program;
}
