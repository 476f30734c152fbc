import { parseArgs } from 'node:util';
import { readContext } from './release/context.ts';
import { Progress } from './release/progress.ts';
import { EXIT, type ExitCode, Refusal } from './release/refusal.ts';
import { Release } from './release/release.ts';

const HELP = `Publishes the packages of the commit that is checked out to your registry, tags the commit, and writes release notes.
docs/develop/releases.md has the steps before and after.

Usage: npm run release
       npm run release -- --dry-run

  --dry-run                 everything up to publishing; says what a release would refuse, and changes nothing that is kept
  --skip-checks             does not run npm run nightly: for a commit that has just passed it elsewhere
  --allow-public-registry   the registry may be registry.npmjs.org or a mirror of it
  --help, -h                shows this help

The registry is the @hermes:registry of .npmrc (project or user), or publishConfig.registry of the packages. Nothing is
published before all checks have passed. A release that broke off is resumed by the same command.

Exit codes: 0 released, or all of it was there; with --dry-run: the packages are fit
            1 a check, the build or a tarball failed; nothing was published
            2 wrong usage
            65 the commit cannot be released as it is, or its version is there with other content; nothing was published
            69 the registry does not answer, or refuses the first package; nothing was published
            75 it broke off after publishing had begun; the same command resumes
            78 no registry, two registries or a public one is configured; nothing was published
`;

const STEPS = { dryRun: 7, release: 11 };

// pnpm would ask the public registry for newer versions of itself, and install what it misses, in the middle of a release.
Object.assign(process.env, { pnpm_config_update_notifier: 'false', pnpm_config_verify_deps_before_run: 'false' });

process.exitCode = await main();

async function main(): Promise<ExitCode> {
  const values = readOptions();
  if (values === undefined) return EXIT.usage;
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT.released;
  }
  // "npm run release --dry-run", without "--", gives the option to npm, which passes it on like this.
  const isDryRun = values['dry-run'] === true || process.env['npm_config_dry_run'] === 'true';
  delete process.env['npm_config_dry_run'];
  const progress = new Progress(isDryRun ? STEPS.dryRun : STEPS.release, isDryRun);
  const state: { release?: Release } = {};
  try {
    state.release = new Release(readContext('.', optionsOf(values, isDryRun), progress));
    await state.release.run();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return sayRefusal(state.release?.hasBegun === true ? error.as(EXIT.incomplete) : error);
  }
  if (isDryRun) sayEndOfDryRun(progress);
  return EXIT.released;
}

function readOptions() {
  const flag = { type: 'boolean' } as const;
  try {
    const options = {
      help: { ...flag, short: 'h' },
      'dry-run': flag,
      'skip-checks': flag,
      'allow-public-registry': flag,
    };
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nSee: npm run release -- --help`);
    return undefined;
  }
}

function optionsOf(
  values: { readonly 'skip-checks'?: boolean | undefined; readonly 'allow-public-registry'?: boolean | undefined },
  isDryRun: boolean,
) {
  return {
    isDryRun,
    skipsChecks: values['skip-checks'] === true,
    allowPublicRegistry: values['allow-public-registry'] === true,
  };
}

function sayRefusal({ exitCode, message }: Refusal): ExitCode {
  const isIncomplete = exitCode === EXIT.incomplete;
  console.error(`\n${isIncomplete ? 'The release broke off' : 'Nothing was published'}:\n${message}`);
  if (isIncomplete) console.error('The same command resumes: it skips what is done.');
  return exitCode;
}

function sayEndOfDryRun({ refusals }: Progress): void {
  const ready = 'A release would continue here and publish.';
  const not = `The packages are fit, but a release would be refused for ${refusals.length} reasons, see above.`;
  process.stdout.write(`Dry run: nothing was published, tagged or recorded. ${refusals.length === 0 ? ready : not}\n`);
}
