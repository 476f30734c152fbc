import { resolve } from 'node:path';
import { DEFAULT_PROFILE, findProfile } from '@hermes/drain-contract';
import type { Command } from 'commander';
import { becomeOwnerOfProfile } from './identity.ts';

const JOURNAL_HELP = `
These commands are for a journal in PostgreSQL, which several gateways share: journal.kind is postgres in config.yaml, and
journal.url_env names the environment variable with the URL of the database (default: DATABASE_URL). The URL is never
printed. A gateway migrates the schema by itself at its start if its role may.
`;

const EXIT_CODES = `
Exit codes:
  0   done
  2   the command line is invalid
  75  a temporary failure, such as a server that cannot be reached; retry
  78  it cannot be done; the reason is on stderr, and nothing was changed
`;

const INIT_HELP = `
Prints the SQL that creates the schema, a role that owns it and migrates it, and a role that runs gateways, which can only
read and write rows. Run the SQL as an administrator of the database, and give the second role a password. With --apply,
it is run with the URL, whose role must be able to create roles. It can be repeated.

Examples:
  $ hermes-gateway journal init | psql "$ADMIN_URL"
  $ DATABASE_URL="$ADMIN_URL" hermes-gateway journal init --apply
${EXIT_CODES}`;

const MIGRATE_HELP = `
Brings the schema to the version of this program. Gateways of the release before can go on meanwhile. The version is never
lowered.

Examples:
  $ hermes-gateway journal migrate
  $ DATABASE_URL="$ADMIN_URL" hermes-gateway journal migrate --role hermes_owner
${EXIT_CODES}`;

const STATUS_HELP = `
Shows the version of the schema, the gateways, and how many turns wait and run. It changes nothing.

Examples:
  $ hermes-gateway journal status
  $ hermes-gateway journal status --json | jq '.gateways[].name'
${EXIT_CODES}`;

const EXPORT_HELP = `
Writes the journal to a new file, which a gateway with journal.kind: sqlite can use as gateway.db in its home. Stop all
gateways first: while one uses the journal, the command refuses. FILE is written whole or not at all. Clients can resume
their events, since numbers stay the same.

Examples:
  $ hermes-gateway journal export /srv/hermes/gateway.db
${EXIT_CODES}`;

const IMPORT_HELP = `
Copies the journal of a home into an empty schema, all or nothing. Stop the gateway of the home and all gateways that use
the schema first: while one runs, the command refuses. Clients can resume their events, since numbers stay the same. The
file is not changed: move it away, so that no gateway runs its messages again.

Examples:
  $ hermes-gateway journal import
  $ hermes-gateway journal import /srv/old-home/gateway.db
${EXIT_CODES}`;

interface Flags {
  readonly profile: string;
  readonly json: boolean;
}

/** Adds the commands for a journal that gateways share. */
export function addJournalCommands(program: Command): void {
  const journal = program
    .command('journal')
    .description('set up, inspect or copy a journal in PostgreSQL')
    .addHelpText('after', JOURNAL_HELP);
  const add = (name: string, description: string, help: string): Command =>
    journal
      .command(name)
      .description(description)
      .option('-p, --profile <name>', 'profile whose config.yaml names the database', DEFAULT_PROFILE)
      .option('--json', 'JSON on stdout', false)
      .addHelpText('after', help);
  const commands = () => import('./journal-command.ts');

  add('init', 'print or apply the SQL for the schema and its roles', INIT_HELP)
    .option('--owner <role>', 'role that owns the schema', 'hermes_owner')
    .option('--runner <role>', 'role that runs gateways', 'hermes_gateway')
    .option('--apply', 'run the SQL', false)
    .action(async (flags: Flags & { owner: string; runner: string; apply: boolean }) =>
      (await commands()).runJournalInit({ ...flags, ...homeOf(flags) }),
    );
  add('migrate', 'bring the schema to the version of this program', MIGRATE_HELP)
    .option('--role <role>', 'role that owns the schema (default: that of the URL)')
    .action(async (flags: Flags & { role?: string }) =>
      (await commands()).runJournalMigrate({ ...flags, role: flags.role, ...homeOf(flags) }),
    );
  add('status', 'show the schema, the gateways and the turns', STATUS_HELP).action(async (flags: Flags) =>
    (await commands()).runJournalStatus({ ...flags, ...homeOf(flags) }),
  );
  add('export', 'copy the journal to a new SQLite file', EXPORT_HELP)
    .argument('<file>', 'the file to write')
    .action(async (file: string, flags: Flags) => {
      // Becoming another user changes the working directory.
      const path = resolve(file);
      await (await commands()).runJournalExport({ ...flags, file: path, ...homeOf(flags) });
    });
  add('import', 'copy a SQLite journal into an empty schema', IMPORT_HELP)
    .argument('[file]', 'the SQLite file (default: gateway.db in the home)')
    .action(async (file: string | undefined, flags: Flags) => {
      const path = file === undefined ? undefined : resolve(file);
      await (await commands()).runJournalImport({ ...flags, file: path, ...homeOf(flags) });
    });
}

function homeOf({ profile }: Flags): { home: string } {
  becomeOwnerOfProfile(profile);
  return { home: findProfile(profile).home };
}
