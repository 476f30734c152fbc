const EXIT_STATUSES = [
  ['0', 'done: begun, drained, cancelled, extended, restarted, or told'],
  ['1', 'a fault of drainctl itself'],
  ['2', 'the command line cannot be understood'],
  ['3', 'the deadline passed before it was drained'],
  ['4', 'no drain is in force, or it was cancelled, expired, or voided by a restart of the machine'],
  ['5', 'another request holds the drain; nothing of it was changed'],
  ['6', 'only stalled turns are left'],
  ['7', 'the dashboard cannot be reached'],
  ['8', 'the dashboard refused (its reason is told), or the gateway did not come back from a restart'],
  ['9', 'history --verify: the audit has been tampered with, or damaged'],
  ['10', 'begin --wait, wait, run: the gateway is stopped: no turn runs, and it cannot answer the drain'],
  ['11', 'the same: the gateway died, and no supervisor has brought it back'],
  ['12', 'the same: the gateway gives no heartbeat; its process is there (frozen), or cannot be seen (silent)'],
  ['13', 'the command would wait for the turn that runs it (self); see --except-own-turn'],
  ['78', 'the secret is missing, or its file is open to other users'],
  ['126, 127', 'run: COMMAND cannot be executed, or does not exist'],
  ['141', 'whoever read the output has left'],
] as const;

const SIGNALS = `Ctrl-C (SIGINT), SIGTERM and SIGHUP end a waiting drainctl, which dies by the signal (130, 143, 129 in a
shell); the drain stays on. Only "run" cancels it when it is interrupted before COMMAND has started.
"run" exits with the status of COMMAND, or 128 + N if signal N ended it.`;

const ENVIRONMENT = [
  ['DRAINCTL_URL', 'where the dashboard is (the socket $HERMES_HOME/.dashboard.sock, then http://127.0.0.1:9119)'],
  ['DRAINCTL_TOKEN', 'its secret'],
  ['DRAINCTL_TOKEN_FILE', 'file with its secret'],
  ['HERMES_HOME', 'home of the root profile (~/.hermes); .dashboard_token in it is used if nothing else is named'],
  ['HERMES_TURN_ID', 'set by a gateway: the turn of which an agent runs this command'],
  ['NO_COLOR', 'no colours, whatever its value; there are none without a terminal'],
] as const;

const SECRETS = `The secret is taken from --token-file, DRAINCTL_TOKEN, DRAINCTL_TOKEN_FILE, or, for a dashboard on a loopback
address only, $HERMES_HOME/.dashboard_token; the first one counts. A file of yours that the group or others can
read or write is refused, and a file of somebody else that all can (as ssh does; chmod 600 it).
The secret in the home is sent only to a dashboard of yours, of the owner of that file, or of root: to the
socket in the home, or to a port on which such a user listens (as Linux shows it; elsewhere only to the
socket). A secret that you name is sent to the URL as it is.`;

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
