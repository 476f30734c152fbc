const EXIT_STATUSES = [
  ['0', 'success: begun, drained, cancelled, extended, restarted or shown'],
  ['1', 'internal error in drainctl'],
  ['2', 'invalid command line'],
  ['3', 'the deadline passed before the gateway was drained'],
  ['4', 'no drain is in force, or the drain was cancelled, expired, or ended with a restart of the machine'],
  ['5', 'conflict: another drain request is in force; it was not changed'],
  ['6', 'only stalled turns are left'],
  ['7', 'the dashboard cannot be reached'],
  ['8', 'the dashboard refused the request, or the gateway did not become ready after a restart'],
  ['9', 'history --verify: the audit log was changed or is damaged'],
  ['10', 'begin --wait, wait, run: the gateway is stopped, so no turn is running and the drain is not acknowledged'],
  ['11', 'begin --wait, wait, run: the gateway died and was not restarted'],
  ['12', 'begin --wait, wait, run: the gateway sends no heartbeat (its process is frozen, or not visible)'],
  ['13', 'the command would wait for the turn that runs it; see --except-own-turn'],
  ['78', 'configuration: the secret is missing, or other users can read its file'],
  ['126, 127', 'run: COMMAND is not executable, or was not found'],
  ['141', 'the reader of the output closed the pipe (SIGPIPE)'],
] as const;

const SIGNALS = `Ctrl-C (SIGINT), SIGTERM and SIGHUP end a waiting drainctl by that signal (130, 143, 129 in a shell). The
drain stays in force; only "run" cancels it, if COMMAND has not started yet. "run" exits with the exit
status of COMMAND, or with 128 + N if signal N ended COMMAND.`;

const ENVIRONMENT = [
  [
    'DRAINCTL_URL',
    'URL of the dashboard (default: the socket $HERMES_HOME/.dashboard.sock, then http://127.0.0.1:9119)',
  ],
  ['DRAINCTL_TOKEN', 'secret of the dashboard'],
  ['DRAINCTL_TOKEN_FILE', 'file that contains the secret'],
  ['HERMES_HOME', 'home of the root profile (default: ~/.hermes)'],
  ['HERMES_TURN_ID', 'set by the gateway for commands that an agent runs: the id of the turn'],
  ['NO_COLOR', 'any value disables colours; without a terminal there are none'],
] as const;

const SECRETS = `drainctl uses the first secret that it finds: --token-file, DRAINCTL_TOKEN, DRAINCTL_TOKEN_FILE and, only for
a dashboard on a loopback address, $HERMES_HOME/.dashboard_token. Like ssh, it refuses a file that the group
or others can read or write; use chmod 600.
The secret in the home is sent only to a process of yours, of the owner of that file, or of root: through the
socket in the home, or (on Linux) to a port on which such a process listens. A secret that you name is sent
to the URL that you name without this check.`;

const EXAMPLES = {
  drainctl: [
    'drainctl begin --reason "update to 2.4" --wait --deadline 15m --on-deadline cancel',
    'drainctl run --on-success cancel -- ./migrate.sh',
    'drainctl status --json | jq .drain.safe_to_stop',
  ],
  begin: [
    'drainctl begin --reason "update to 2.4"',
    'drainctl begin --wait --deadline 15m --on-deadline interrupt',
    'drainctl begin --join --max-age 10m',
    'drainctl begin --lead 30s --wait',
  ],
  status: ['drainctl status', 'drainctl status --all', 'drainctl status --json | jq .status.active_agents'],
  wait: ['drainctl wait --deadline 15m', 'drainctl wait --request "$id" -o ndjson'],
  watch: ['drainctl watch', 'drainctl watch --profile support -o ndjson | jq .status.active_agents'],
  cancel: ['drainctl cancel', 'drainctl cancel --request "$id"'],
  extend: ['drainctl extend', 'drainctl extend --max-age 2h --request "$id"'],
  restart: ['drainctl begin --wait && drainctl restart', 'drainctl restart --force --deadline 2m'],
  history: ['drainctl history --limit 5', 'drainctl history --verify'],
  run: [
    'drainctl run --reason backup --on-success cancel -- tar cf /backup/home.tar /srv/hermes',
    'drainctl run --deadline 10m -- systemctl reboot',
  ],
  completion: [
    'source <(drainctl completion bash)',
    'source <(drainctl completion zsh)',
    'drainctl completion fish | source',
  ],
} as const;

/** What follows the options in the help of `name`, as titles and lines; for the man page, too. */
export function sections(name: string): readonly (readonly [title: string, text: string])[] {
  const examples = (EXAMPLES as Readonly<Record<string, readonly string[]>>)[name] ?? [];
  const own = [['Examples', indent(examples)]] as const;
  if (name !== 'drainctl') return [...own, ['Exit status', '  See "drainctl --help".']];
  return [
    ...own,
    ['Environment', table(ENVIRONMENT)],
    ['Secret', indent(SECRETS.split('\n'))],
    ['Exit status', `${table(EXIT_STATUSES)}\n\n${indent(SIGNALS.split('\n'))}`],
  ];
}

/** The same as one text, to be put after the options. */
export function helpAfter(name: string): string {
  return sections(name)
    .map(([title, text]) => `\n${title}:\n${text}`)
    .join('\n');
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
