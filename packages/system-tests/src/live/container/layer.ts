import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const SERVICES = '/etc/s6-overlay/s6-rc.d';

/** Files to lay over the image for the test that runs, by their path there; scripts are executable. */
export function layer(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'hermes-layer-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o755);
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, text.startsWith('#!') ? 0o755 : 0o644);
  }
  return directory;
}

/** The files of a static service of that name. */
export function staticService(name: string, run: string): Record<string, string> {
  return {
    [`${SERVICES}/${name}/type`]: 'longrun\n',
    [`${SERVICES}/${name}/run`]: `#!/bin/sh\n${run}\n`,
    [`${SERVICES}/user/contents.d/${name}`]: '',
  };
}
