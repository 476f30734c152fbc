import { describe, expect, it } from 'vitest';
import { readBootLine } from './boot-line.ts';
import { readSettings } from './settings.ts';
import { createProgram } from './tree.ts';

const settings = readSettings({
  S6_PROFILE_GATEWAY_SCANDIR: '/scan',
  HERMES_USER: 'someone',
  HERMES_MAX_GATEWAYS: '7',
});

/** What commander makes of the same words; `undefined` when it does not understand them, or is asked for help. */
function readByCommander(argv: readonly string[]): unknown {
  let options: unknown;
  const program = createProgram(argv[0], settings).configureOutput({ writeOut: () => {}, writeErr: () => {} });
  for (const command of program.commands) {
    command.copyInheritedSettings(program).action((given: unknown) => {
      options = given;
    });
  }
  try {
    program.parse(argv, { from: 'user' });
  } catch {
    return undefined;
  }
  return options;
}

describe('the command line of a boot', () => {
  it.each([
    ['reconcile'],
    ['reconcile --home /data --scandir /run/service --user hermes --command /opt/gateway --max-services 12'],
    ['reconcile --home=/data --max-services=12 --json --dry-run --refresh-only'],
    ['reconcile --home /a --home /b --json --json'],
    ['reconcile --home= --'],
  ])('is understood as commander understands it: %s', (line) => {
    const argv = line.split(' ');
    expect(readBootLine(argv, settings)).toEqual(readByCommander(argv));
    expect(readBootLine(argv, settings)).toBeDefined();
  });

  it.each([
    ['reconcile --max-services many'],
    ['reconcile --max-services 0'],
    ['reconcile --max-services'],
    ['reconcile --nonsense'],
    ['reconcile --json=yes'],
    ['reconcile --no-json'],
    ['reconcile everything'],
    ['reconcile -- everything'],
    ['reconcile --help'],
    ['reconcile -h'],
    ['--version'],
    ['--help'],
    [''],
  ])('is left to commander, which tells what is wrong or asked for: %s', (line) => {
    const argv = line.split(' ');
    expect(readBootLine(argv, settings)).toBeUndefined();
    expect(readByCommander(argv)).toBeUndefined();
  });

  it.each([['reconcile --home -odd'], ['list --json'], ['status a']])('is left to commander: %s', (line) => {
    expect(readBootLine(line.split(' '), settings)).toBeUndefined();
  });
});
