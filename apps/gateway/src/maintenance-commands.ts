import { resolve } from 'node:path';
import { DEFAULT_PROFILE, findProfile, resolveHome } from '@hermes/drain-contract';
import type { Command } from 'commander';
import { becomeOwnerOfHome, becomeOwnerOfProfile } from './identity.ts';
import { addJournalCommands } from './journal-commands.ts';

const INIT_HELP = `
Makes a directory with a config.yaml that names every common setting with its default. It overwrites nothing: to a home
that is there already, it only adds that file if it is missing. With --beside, the file is gateway.yaml, which the gateway
then reads instead of a config.yaml of another program. Further profiles: hermes-gateway profile create

Examples:
  $ hermes-gateway init
  $ hermes-gateway init /srv/hermes
  $ hermes-gateway init --beside --profile support
  $ hermes-gateway init --json | jq -r '.commands[]'

Exit codes:
  0   made, or the file with the settings was added
  1   the home was there already, with its settings; nothing was changed
  2   the command line is invalid
  78  it cannot be made there; the reason is on stderr; nothing was changed
`;

const BACKUP_HELP = `
Writes one tar.gz while the gateways run: every message that was acknowledged before the command started is in it, with
config.yaml, SOUL.md, the desired state and, for the profile "default", the audit of the dashboard. FILE is written whole
or not at all, and only its owner can read it. It must not be in the home. While it is written, its directory needs room
for the journal twice, and the log of the journal can grow.

Without --with-secrets, it does not contain the key of the API in config.yaml, sections of other programs in it, comments
that may hold a secret, and the secret of the dashboard. The output lists what was left out. Messages, replies and the
arguments of agent.command are always in it. Files outside the home are never in it.

Examples:
  $ hermes-gateway backup /backup/hermes.tar.gz
  $ hermes-gateway backup --all-profiles --force /backup/hermes.tar.gz
  $ hermes-gateway backup -p support --json /backup/support.tar.gz | jq '.files[].path'

Exit codes:
  0   written
  2   the command line is invalid
  75  a temporary failure, such as a journal that another program has locked; retry
  78  it cannot be written; the reason is on stderr, and nothing is left behind
`;

const RESTORE_HELP = `
Restores into an empty directory, or one that does not exist yet. Every file is compared with the manifest of the backup
before anything appears there. A drain and locks are never restored. Messages without an answer run when a gateway
starts there, so make sure first that the original gateway has stopped and stays stopped.

Examples:
  $ hermes-gateway restore /backup/hermes.tar.gz /srv/hermes
  $ HERMES_HOME=/srv/hermes hermes-gateway restore /backup/hermes.tar.gz --json | jq .unfinished

Exit codes:
  0   restored
  2   the command line is invalid
  75  a temporary failure; retry
  78  it cannot be restored; the reason is on stderr, and the directory is as it was
`;

const MIGRATE_HELP = `
Takes over the home of a profile that a gateway of the reference system (Python) has served, or gives it back. Its gateway
must be stopped first. What changes: desired_state.json, which the boot reads first; .migration.json, which keeps the state
file for the way back and marks the profile for hermes-s6 reconcile --migrated-only; and, on the way back,
gateway_state.json. Settings, secrets, conversations and every other file stay as they are.

config.yaml of the reference system cannot be read by this gateway: its settings are in gateway.yaml, which
hermes-gateway init --beside writes. Step by step: docs/migrate.md

Examples:
  $ hermes-gateway migrate --check -p support
  $ hermes-gateway migrate -p support
  $ hermes-gateway migrate --back --all-profiles
  $ hermes-gateway migrate --check --all-profiles --json | jq '.profiles[] | select(.obstacles != [])'

Exit codes:
  0   done; with --check, nothing is in the way
  1   something is in the way; each line says what to mend; nothing was changed
  2   the command line is invalid
  75  a temporary failure; retry
  78  it cannot be done, such as while a gateway serves the home; the reason is on stderr
`;

/** The home was there already. */
export class HomeExistsError extends Error {}

/** Something is in the way of a migration, which has been shown. */
export class ObstacleError extends Error {}

/** Adds the commands that make, back up and restore a home, and those of a shared journal. @param version of this program */
export function addMaintenanceCommands(program: Command, version: string): void {
  program
    .command('init')
    .description('make a home with a commented config.yaml')
    .argument('[directory]', 'the home (default: HERMES_HOME, or ~/.hermes)')
    .option('-p, --profile <name>', 'add missing settings to this profile of HERMES_HOME')
    .option('--beside', 'write gateway.yaml, for a home whose config.yaml belongs to another program', false)
    .option('--json', 'JSON on stdout', false)
    .addHelpText('after', INIT_HELP)
    .action(async (directory: string | undefined, { profile, beside, json }: InitFlags, command: Command) => {
      if (directory !== undefined && profile !== undefined)
        command.error('error: expected a directory or --profile, found both', { exitCode: 2 });
      const { runInit } = await import('./init/command.ts');
      const home = profile === undefined ? resolve(directory ?? resolveHome()) : findProfile(profile).home;
      if (!runInit({ home, profile, beside, json })) throw new HomeExistsError();
    });
  program
    .command('backup')
    .description('write a backup of a profile or of all, while their gateways run')
    .argument('<file>', 'the tar.gz to write')
    .option('-p, --profile <name>', 'profile to back up', DEFAULT_PROFILE)
    .option('--all-profiles', 'the whole home with all its profiles', false)
    .option('--with-secrets', 'include secrets', false)
    .option('--force', 'replace an existing file', false)
    .option('--json', 'JSON on stdout', false)
    .addHelpText('after', BACKUP_HELP)
    .action(async (file: string, options: BackupFlags, command: Command) => {
      requireOneChoice(options, command);
      // Becoming another user changes the working directory.
      const path = resolve(file);
      if (options.allProfiles) becomeOwnerOfHome();
      else becomeOwnerOfProfile(options.profile);
      const { runBackup } = await import('./backup/backup-command.ts');
      await runBackup({ ...options, file: path, version });
    });
  program
    .command('restore')
    .description('restore a backup into an empty home')
    .argument('<file>', 'a file that hermes-gateway backup wrote')
    .argument('[directory]', 'the home (default: HERMES_HOME, or ~/.hermes)')
    .option('--json', 'JSON on stdout', false)
    .addHelpText('after', RESTORE_HELP)
    .action(async (file: string, directory: string | undefined, { json }: { json: boolean }) => {
      const { runRestore } = await import('./backup/restore-command.ts');
      await runRestore({ file: resolve(file), home: directory ? resolve(directory) : resolveHome(), json });
    });
  addMigrateCommand(program);
  addJournalCommands(program);
}

function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('take over a home of the reference system, or give it back')
    .option('-p, --profile <name>', 'profile to migrate', DEFAULT_PROFILE)
    .option('--all-profiles', 'every profile of the home, or none', false)
    .option('--check', 'only say what would change and what is in the way', false)
    .option('--back', 'give the home back to the reference system', false)
    .option('--force', 'give it back with messages that have no answer', false)
    .option('--json', 'JSON on stdout', false)
    .addHelpText('after', MIGRATE_HELP)
    .action(async (options: MigrateFlags, command: Command) => {
      requireOneChoice(options, command);
      if (options.force && !options.back)
        command.error('error: expected --force with --back, found it alone', { exitCode: 2 });
      if (options.allProfiles) becomeOwnerOfHome();
      else becomeOwnerOfProfile(options.profile);
      const { runMigrate } = await import('./migrate/command.ts');
      if (!(await runMigrate(options))) throw new ObstacleError();
    });
}

/** @throws CommanderError when one profile and all of them are asked for. */
function requireOneChoice({ profile, allProfiles }: ProfileChoice, command: Command): void {
  if (allProfiles && profile !== DEFAULT_PROFILE)
    command.error('error: expected --profile or --all-profiles, found both', { exitCode: 2 });
}

interface InitFlags {
  readonly profile?: string;
  readonly beside: boolean;
  readonly json: boolean;
}

interface ProfileChoice {
  readonly profile: string;
  readonly allProfiles: boolean;
}

interface MigrateFlags extends ProfileChoice {
  readonly check: boolean;
  readonly back: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

interface BackupFlags extends ProfileChoice {
  readonly withSecrets: boolean;
  readonly force: boolean;
  readonly json: boolean;
}
