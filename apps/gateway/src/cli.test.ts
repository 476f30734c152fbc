import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_KEYS } from './config/schema.ts';
import { BIN } from './testing/gateway-process.ts';

function hermesGateway(args: string[], bin = BIN) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    timeout: 120_000,
    env: { HERMES_HOME: '/nowhere' },
  });
  return { code: status, stdout, stderr };
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

describe('hermes-gateway', () => {
  it.each<[args: string[], code: number, stdout: RegExp, stderr: RegExp]>([
    [['--help'], 0, /^Usage: hermes-gateway/, /^$/],
    [['run', '--help'], 0, /Exit codes:\n +0 .*\n +2 .*\n +75 .*\n +78 /, /^$/],
    [['--version'], 0, new RegExp(`^${version.replaceAll('.', '\\.')}\n$`), /^$/],
    [[], 2, /^$/, /^Usage: hermes-gateway/],
    [['walk'], 2, /^$/, /unknown command 'walk'\n.*--help shows the usage/],
    [['run', '--fast'], 2, /^$/, /unknown option '--fast'\n.*--help shows the usage/],
    [['run', '--profile'], 2, /^$/, /argument missing\n/],
    [['run', 'default'], 2, /^$/, /too many arguments/],
    [['run'], 78, /^$/, /^hermes-gateway: no home directory \/nowhere: [^\n]*\n$/],
    [['run', '-p', '../etc'], 78, /^$/, /^hermes-gateway: bad profile name "..\/etc": [^\n]*\n$/],
  ])('answers %j with code %i', (args, code, stdout, stderr) => {
    expect(hermesGateway(args)).toEqual({
      code,
      stdout: expect.stringMatching(stdout),
      stderr: expect.stringMatching(stderr),
    });
  });

  it('says what to do when it has not been built', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'bin'));
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
    const bin = join(directory, 'bin', 'hermes-gateway.js');
    copyFileSync(BIN, bin);
    expect(hermesGateway(['--help'], bin)).toEqual({
      code: 78,
      stdout: '',
      stderr: 'hermes-gateway: not built yet; run `pnpm turbo run build` first\n',
    });
  });

  it('tells of every variable in its help', () => {
    const { stdout } = hermesGateway(['run', '--help']);
    const documented = [...stdout.matchAll(/^ {2}([A-Z]\w+) +\S/gm)].map(([, variable]) => variable);
    expect(documented).toEqual(expect.arrayContaining(Object.keys(ENVIRONMENT_KEYS)));
  });
});
