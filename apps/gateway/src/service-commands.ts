import type { Command } from 'commander';
import type { InstallFlags, ServiceFlags } from './service/flags.ts';

const SERVICE_HELP = `
Examples:
  $ hermes-gateway service install --dashboard
  $ hermes-gateway service start default
  $ hermes-gateway service status --json | jq '.services[] | select(.state != "running")'

Exit codes:
  0   done
  2   the command line is invalid
  75  a temporary failure, such as a gateway that is not ready in time; the reason is on stderr; retry
  78  it cannot be done; the reason is on stderr
`;

const INSTALL_HELP = `
Writes the template hermes-gateway@.service, whose instances are profiles, and has systemd read it. For the machine, it also
makes the user that the gateways run as, and the home. With --dashboard, it adds hermes-dashboard.service and the rule by
which polkit lets the dashboard restart gateways. Run again, it changes only what differs. It refuses to overwrite a file
that was changed by hand: keep changes in a drop-in (systemctl edit hermes-gateway@.service). It starts nothing.

Examples:
  $ hermes-gateway service install --dry-run
  $ hermes-gateway service install --dashboard
  $ hermes-gateway service install --home /srv/hermes --run-as agents
  $ hermes-gateway service install --user

Exit codes:
  0   installed, or already as wanted
  2   the command line is invalid
  78  it cannot be installed; the reason is on stderr
`;

const UNINSTALL_HELP = `
Stops the gateways and the dashboard, each within its time, and removes the files that install has written. Homes, the user
and drop-ins stay. It refuses to remove a file that was changed by hand.

Examples:
  $ hermes-gateway service uninstall --dry-run
  $ hermes-gateway service uninstall

Exit codes:
  0   removed, or nothing was there
  2   the command line is invalid
  78  it cannot be removed; the reason is on stderr
`;

const CONTROLS = [
  ['start', 'start the gateway of a profile, and at each boot'],
  ['stop', 'stop the gateway of a profile, and do not start it at boots'],
  ['restart', 'stop the gateway of a profile within its time, and start it'],
] as const;

/** Adds `service`, which works with systemd. */
export function addServiceCommands(program: Command): void {
  const service = program
    .command('service')
    .description('run gateways under systemd: install the units, start, stop and restart gateways')
    .addHelpText('after', SERVICE_HELP);
  installFlags(service.command('install').description('write the units of the gateways, and of the dashboard'))
    .option(
      '--home <directory>',
      'root home of the gateways (default: /var/lib/hermes; with --user: HERMES_HOME or ~/.hermes)',
    )
    .option('--run-as <user>', 'user of the programs, made if there is none (default: hermes)')
    .option('--dashboard', 'install the dashboard, too', false)
    .option('--isolation', 'let gateways isolate their agents with bwrap, which needs namespaces', false)
    .addHelpText('after', INSTALL_HELP)
    .action(async (flags: InstallFlags, command: Command) => {
      if (flags.user && (flags.runAs !== undefined || flags.root !== undefined))
        command.error('error: expected --user without --run-as and --root', { exitCode: 2 });
      const { runInstall } = await import('./service/install.ts');
      await runInstall(flags);
    });
  installFlags(service.command('uninstall').description('stop gateways and dashboard, and remove their units'))
    .addHelpText('after', UNINSTALL_HELP)
    .action(async (flags: InstallFlags) => {
      const { runUninstall } = await import('./service/install.ts');
      await runUninstall(flags);
    });
  scoped(service.command('status').description('show the units and the gateway of each profile')).action(
    async (flags: ServiceFlags) => {
      const { runStatus } = await import('./service/control.ts');
      await runStatus(flags);
    },
  );
  for (const [verb, description] of CONTROLS) {
    scoped(service.command(verb).description(description).argument('<profile>')).action(
      async (profile: string, flags: ServiceFlags) => {
        const { runControl } = await import('./service/control.ts');
        await runControl(verb, profile, flags);
      },
    );
  }
  service
    .command('record', { hidden: true })
    .argument('<profile>')
    .argument('<desired>')
    .action(async (profile: string, desired: string) => {
      const { recordDesired } = await import('./service/record.ts');
      await recordDesired(profile, desired);
    });
}

function scoped(command: Command): Command {
  return command
    .option('--user', 'the systemd of this user, instead of that of the machine', false)
    .option('--json', 'JSON on stdout', false);
}

function installFlags(command: Command): Command {
  return scoped(command)
    .option(
      '--root <directory>',
      'work on the file system in this directory, such as an image; nothing is started or stopped',
    )
    .option('--dry-run', 'only print what would be done', false)
    .option('--force', 'also overwrite or remove files that were changed by hand', false);
}
