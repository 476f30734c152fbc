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
  HERMES_DASHBOARD_DRAIN_SECRET  bearer secret of every /api route; on a loopback address the dashboard
                                 makes one in $HERMES_HOME/.dashboard_token when this is unset
  HERMES_DASHBOARD_CREDENTIALS   YAML or JSON file (mode 0600) with more secrets: a list of {name, secret, scopes},
                                 scopes being read, drain and restart; changes are read within a second
  HERMES_DASHBOARD_ALLOWED_HOSTS   further host names, separated by commas, that clients may use for the open routes
  HERMES_DASHBOARD_TRUSTED_PROXIES addresses or networks, separated by commas, whose X-Forwarded-For is trusted
  HERMES_DASHBOARD_WEBHOOK_URL   URL that gets a message when a drain is drained, expired or cancelled, or a turn
                                 stalls; https, or http on this machine
  HERMES_DASHBOARD_WEBHOOK_SECRET  whsec_… that signs the messages (Standard Webhooks)
                                 Prefer a file for each secret: set NAME_FILE to its path, or pass a systemd
                                 credential of that name ($CREDENTIALS_DIRECTORY)
  HERMES_DASHBOARD_LOG_LEVEL     trace, debug, info, warn, error, fatal or silent (info); logs are JSON on stderr
  HERMES_SERVICE_MANAGER         what supervises the gateways: s6, systemd, systemd-user (the systemd of this user), none,
                                 or auto (default): s6 if it runs here, else the systemd that has their units
  S6_PROFILE_GATEWAY_SCANDIR     directory of the s6-svscan that supervises the gateways (/run/service, if it exists)
  HERMES_START_TIMEOUT           seconds for which a start retries temporary failures (60); 0 disables retries
  HERMES_NOTIFY_FD               descriptor on which to write a newline when ready

Routes (GET /docs describes all of them):
  GET    /                       the page
  GET    /api/profiles           all profiles: state, drain, turns in flight, slot
  GET    /api/events             changes of all profiles, as server-sent events
  POST   /api/gateway/drain      begin, refresh or cancel a drain
  GET    /api/gateway/drain      show the drain; ?until=drained waits until it is safe to stop
  DELETE /api/gateway/drain      cancel the drain
  POST   /api/gateway/restart    restart a gateway that is safe to stop
  GET    /api/status, /api/in-flight, /api/boot-log, /api/audit, /api/audit/verify
  GET    /livez, /readyz, /metrics

Files in HERMES_HOME:
  .dashboard_token               the generated secret
  .dashboard.sock                socket for this user and root with the same routes; drainctl uses it by default.
                                 If it cannot be created, a warning names the reason, and only the port works
  logs/drain-audit.jsonl         audit of all requests that change something; .1 to .5 are older
  .drain_request.lock, .drain_audit.lock
                                 empty lock files; dashboards of one home lock them to write one at a time

Run as root on the home of another user, it switches to that user before it reads the home, and sets HOME and the working
directory to the home. On root's own home, it stays root. If a third user can replace the home, it exits with 78.

Exit codes:
  0   success (--help, --version)
  2   invalid command line
  75  a temporary failure prevented the start for HERMES_START_TIMEOUT; start it again
  78  invalid configuration or environment; change it before you start it again
  After SIGTERM, SIGINT, SIGHUP or SIGQUIT, the dashboard shuts down and exits by that signal.`;

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
    .description('Drains agent gateways: begin, watch and cancel drains over HTTP or on a web page.')
    .version(VERSION)
    .exitOverride()
    .addHelpText('after', HELP);
  command
    .command('serve')
    .description('Serve the API and the page until a signal stops it.')
    .option('--host <host>', 'address to listen on (overrides HERMES_DASHBOARD_HOST)')
    .option('--port <port>', 'port to listen on (overrides HERMES_DASHBOARD_PORT)', portArgument)
    .option('--home <dir>', 'home directory of the root profile (overrides HERMES_HOME)')
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .action(async (options: ConfigOptions) => {
      const config = readConfig(process.env, options);
      becomeOwner(config.home);
      // Loaded on demand: --help and --version need no server.
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
