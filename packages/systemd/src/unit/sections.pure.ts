import { hardening } from './hardening.pure.ts';
import { type Comment, commandWord, type Section, type Setting, unitPath, unitWord } from './unit-file.pure.ts';

/** Everything that decides the text of one unit. */
export interface ServiceDefinition {
  readonly scope: 'system' | 'user';
  readonly description: string;
  readonly home: string;
  readonly runAs: string;
  /** Words of the command line, the first as an absolute path. */
  readonly command: readonly string[];
  /** Further words, in which specifiers work. */
  readonly args: string;
  /** Names of credentials, and under which name the credential store has each. */
  readonly credentials: ReadonlyMap<string, string>;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds until a program that does not end is killed. */
  readonly stopSeconds: number;
  readonly install: readonly Setting[];
}

/** So many starts within so many seconds are a crash loop: the unit has failed. */
const CRASH_LOOP: readonly Setting[] = [
  ['StartLimitIntervalSec', '60'],
  ['StartLimitBurst', '10'],
];

/** The directory of which systemd makes those that a unit names with `StateDirectory=`. */
const STATE_DIRECTORIES = '/var/lib/';

/** The sections of a unit that runs one of our programs. */
export function serviceSections(definition: ServiceDefinition): Section[] {
  const { scope, description, stopSeconds, home, command } = definition;
  const online: readonly Setting[] = [
    ['Wants', 'network-online.target'],
    ['After', 'network-online.target'],
  ];
  return [
    {
      name: 'Unit',
      lines: [['Description', description], ...(scope === 'system' ? online : []), ...CRASH_LOOP],
    },
    {
      name: 'Service',
      lines: [
        ['Type', 'notify'],
        { comment: 'systemd-notify, a child process, sends the messages.' },
        ['NotifyAccess', 'all'],
        ...commandLines(definition),
        ...placeLines(definition),
        ...credentialLines(definition),
        ...lifeLines(stopSeconds),
        ...hardening(scope, [home, ...command]),
      ],
    },
    { name: 'Install', lines: definition.install },
  ];
}

function commandLines({ command, args, environment, home }: ServiceDefinition): Setting[] {
  const variables = { HERMES_HOME: home, ...environment };
  return [
    ['ExecStart', `${command.map(commandWord).join(' ')} ${args}`],
    ...Object.entries(variables).map(([name, value]): Setting => ['Environment', unitWord(`${name}=${value}`)]),
  ];
}

function placeLines({ scope, home, runAs }: ServiceDefinition): (Setting | Comment)[] {
  const place: Setting[] = [
    ['WorkingDirectory', `-${unitPath(home)}`],
    ['UMask', '0077'],
  ];
  if (scope === 'user') return place;
  return [['User', unitPath(runAs)], ...stateDirectory(home), ...place];
}

function stateDirectory(home: string): Setting[] {
  if (!home.startsWith(STATE_DIRECTORIES)) return [['ReadWritePaths', unitWord(home)]];
  return [
    ['StateDirectory', unitWord(home.slice(STATE_DIRECTORIES.length))],
    ['StateDirectoryMode', '0700'],
  ];
}

function credentialLines({ scope, credentials }: ServiceDefinition): (Setting | Comment)[] {
  // The manager of a user has no credential store.
  if (scope === 'user') return [];
  const lines = [...credentials].map(([name, stored]): Setting => ['LoadCredential', `${name}:${stored}`]);
  return [{ comment: 'Files in /etc/credstore; one that is missing is not an error.' }, ...lines];
}

function lifeLines(stopSeconds: number): (Setting | Comment)[] {
  return [
    {
      comment: 'The program extends both while it makes progress: a stop lasts as long as restart_drain_timeout needs.',
    },
    ['TimeoutStartSec', '90'],
    ['TimeoutStopSec', String(stopSeconds)],
    {
      comment: 'The signal goes to the program alone, which lets its agents finish; what is left at its end is killed.',
    },
    ['KillMode', 'mixed'],
    ['WatchdogSec', '60'],
    { comment: 'Not SIGABRT: a core dump would contain messages and secrets.' },
    ['WatchdogSignal', 'SIGKILL'],
    { comment: 'An agent that runs out of memory must not stop the program.' },
    ['OOMPolicy', 'continue'],
    ['Restart', 'always'],
    ['RestartSec', '1'],
    { comment: '0: it has ended by its own decision; 2, 78: a person must change something; 75: start it again.' },
    ['RestartPreventExitStatus', '0 2 78'],
    ['SuccessExitStatus', '75'],
  ];
}
