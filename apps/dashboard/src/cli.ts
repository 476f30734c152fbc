import { becomeOwner, ContractError, dropServiceLinks, visibleInJson } from '@hermes/drain-contract';
import { EXIT, reportStartupError, showStderr } from '@hermes/service-kit';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { type ConfigOptions, readConfig } from './config/config.ts';
import { MAX_PORT, parsePort } from './config/port.ts';
import { VERSION } from './version.ts';

const HELP = `
Examples:
  hermes-dashboard serve
  hermes-dashboard serve --port 0 --home /srv/hermes
  HERMES_DASHBOARD_DRAIN_SECRET="$(openssl rand -base64 32)" hermes-dashboard serve --host 0.0.0.0

Environment:
  HERMES_HOME                    home directory of the root profile (~/.hermes)
  HERMES_DASHBOARD_HOST          address to listen on (127.0.0.1)
  HERMES_DASHBOARD_PORT          port to listen on; 0 picks a free one (9119)
  HERMES_DASHBOARD_DRAIN_SECRET  bearer secret of every /api route; on a loopback address one is made
                                 and kept in $HERMES_HOME/.dashboard_token when this is unset
  HERMES_DASHBOARD_CREDENTIALS   YAML or JSON file (mode 0600) with more secrets: a list of {name, secret, scopes},
                                 scopes being read, drain and restart; a change is picked up within a second
  HERMES_DASHBOARD_ALLOWED_HOSTS   further host names, separated by commas, by which clients call the open routes
  HERMES_DASHBOARD_TRUSTED_PROXIES addresses or networks, separated by commas, whose X-Forwarded-For is believed
  HERMES_DASHBOARD_WEBHOOK_URL   where controllers want to be told when a drain is drained, expired or cancelled,
                                 or a turn stalls; https, or http on this machine
  HERMES_DASHBOARD_WEBHOOK_SECRET  whsec_… by which the receiver knows us (Standard Webhooks)
                                 Each secret is better kept in a file: NAME_FILE names it, or it is a systemd credential
                                 of that name ($CREDENTIALS_DIRECTORY)
  HERMES_DASHBOARD_LOG_LEVEL     trace, debug, info, warn, error, fatal or silent (info); logs are JSON on stderr
  S6_PROFILE_GATEWAY_SCANDIR     directory of the s6-svscan that supervises the gateways (/run/service, if it is there)
  HERMES_START_TIMEOUT           seconds for which a start retries what passes by itself (60); 0 gives up at once
  HERMES_NOTIFY_FD               descriptor on which to write a newline when ready

Routes (GET /docs describes them all):
  GET    /                       the page
  GET    /api/profiles           every profile: state, drain, turns in flight, slot
  GET    /api/events             changes of all of them, as server-sent events
  POST   /api/gateway/drain      begin a drain, repeat it to keep it alive, or cancel it
  GET    /api/gateway/drain      the drain; ?until=drained waits for its end
  DELETE /api/gateway/drain      cancel it
  POST   /api/gateway/restart    restart a gateway that is safe to stop
  GET    /api/status, /api/in-flight, /api/boot-log, /api/audit, /api/audit/verify
  GET    /livez, /readyz, /metrics

Files in HERMES_HOME:
  .dashboard_token               the secret that was made
  .dashboard.sock                socket on which this user and root reach the same routes; drainctl does by default.
                                 Where it cannot be made, a warning says why, and there is the port only
  logs/drain-audit.jsonl         who asked for what; .1 to .5 are older
  .drain_request.lock, .drain_audit.lock
                                 empty; dashboards of one home lock them to write one at a time

As root in the home of another user, it becomes that user before it reads anything there; HOME and the working directory
are then the home. In root's own home, it stays root. Where a third user could replace the home, it ends with 78.

Exit codes:
  0   it did what was asked (--help, --version)
  2   the command line cannot be understood
  75  it could not start within HERMES_START_TIMEOUT because of something that passes by itself; start it again
  78  the configuration or the machine must be changed first
  A dashboard that gets a signal to stop (SIGTERM, SIGINT, SIGHUP, SIGQUIT) ends by that signal.`;

/** Runs the command line `argv` (as in `process.argv`). @returns the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  showStderr(visibleInJson);
  const links = dropServiceLinks(process.env);
  if (links !== undefined) process.stderr.write(`hermes-dashboard: ${links}\n`);
  try {
    await program().parseAsync([...argv]);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportStartupError('hermes-dashboard', error, [ContractError]);
  }
}

function program(): Command {
  const command = new Command('hermes-dashboard')
    .description('Drains agent gateways: begin, watch and cancel over HTTP or on a web page.')
    .version(VERSION)
    .exitOverride()
    .addHelpText('after', HELP);
  command
    .command('serve')
    .description('Serve the API and the page until a signal says stop.')
    .option('--host <host>', 'address to listen on (before HERMES_DASHBOARD_HOST)')
    .option('--port <port>', 'port to listen on (before HERMES_DASHBOARD_PORT)', portArgument)
    .option('--home <dir>', 'home directory of the root profile (before HERMES_HOME)')
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .action(async (options: ConfigOptions) => {
      const config = readConfig(process.env, options);
      becomeOwner(config.home);
      // Loaded when it is needed: --help and --version have no use for a server.
      const { serve } = await import('./serve.ts');
      await serve(config);
    });
  return command;
}

function portArgument(text: string): number {
  const port = parsePort(text);
  if (port === undefined) throw new InvalidArgumentError(`Expected a whole number from 0 to ${MAX_PORT}.`);
  return port;
}
