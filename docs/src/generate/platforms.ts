import { PLATFORMS } from '../../../packages/system-tests/src/platforms/platforms.ts';
import { type PlatformRecord, readRecords } from '../../../packages/system-tests/src/platforms/record.ts';
import { head, table } from './page.ts';

/** `platforms.md`, from the records that the runs of the tests left. */
export function platformsPage(records: readonly PlatformRecord[] = readRecords()): string {
  const rows = Object.entries(PLATFORMS).map(([id, { title, untried }]) => {
    const runs = records.filter(({ platform }) => platform === id);
    if (runs.length === 0) return [title, '', 'untried', '', untried];
    const versions = new Set([...runs.flatMap((run) => run.versions), ...runs.map(({ system }) => system)]);
    return [
      title,
      [...versions].join(', '),
      runs.map(({ driven }) => driven).join('; '),
      runs.map(by).join(', '),
      untried,
    ];
  });
  return `${head('Platforms', 'packages/system-tests/platforms, the records of test runs')}
You want to know what was run on your platform before you rely on it. "Driven" means: real programs were started there, and the test looked at
what they did. Anything that is not in a row is untried. Versions are those of the machine on which the test ran last.

${table(['platform', 'version', 'what was driven', 'by', 'untried'], rows)}

The long tests (\`*.nightly.test.ts\`) are part of \`npm run nightly\`. A test that cannot run on a machine prints the reason, is skipped, and leaves the last record.
[Platforms in the tests](develop/system-tests.md#records-of-platforms) has the command that records a run.
`;
}

/** A link to the test, with its last result. */
function by({ test, passed, failed, date }: PlatformRecord): string {
  const name = test.replace('packages/system-tests/src/', '').replace(/(\.nightly)?\.test\.ts$/, '');
  const result = failed === 0 ? `${passed} passed` : `**${failed} of ${passed + failed} failed**`;
  return `[${name}](../${test}) (${result}, ${date})`;
}
