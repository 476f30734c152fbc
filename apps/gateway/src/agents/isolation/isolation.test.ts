import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { agentContext } from '../../testing/agent-contexts.ts';
import { recordingLog } from '../../testing/recording-log.ts';
import { agentSchema, type CommandAgentConfig } from '../config.ts';
import { chooseIsolation, prepareIsolation, tryIsolation } from './isolation.ts';
import { planSandbox } from './plan-sandbox.ts';
import { makeWorkspace } from './workspace.ts';

function configOf(settings: object): CommandAgentConfig {
  return agentSchema.parse({ kind: 'command', command: ['sh'], ...settings }) as CommandAgentConfig;
}

describe('what is hidden from a command', () => {
  it('is where users keep what is theirs, both homes, and files that variables name as secrets', () => {
    const elsewhere = temporaryDirectory();
    writeFileSync(join(elsewhere, 'key'), '');
    const environment = {
      API_SERVER_KEY_FILE: '/etc/hostname',
      BOT_TOKEN_FILE: '/nowhere',
      SSL_CERT_FILE: '/etc/passwd',
    };
    const secretNames = new Set(['API_SERVER_KEY', 'API_SERVER_KEY_FILE', 'BOT_TOKEN_FILE', 'MODEL_KEY_FILE']);
    const sandbox = planSandbox(configOf({}), agentContext({ environment, secretNames }));
    expect(sandbox.hidden).toEqual(expect.arrayContaining(['/root', '/run', '/tmp']));
    expect(sandbox.masked).toEqual(['/etc/hostname']);
  });

  it.each<[string, (home: string, link: string) => object]>([
    ['readable', (home) => ({ readable: [home] })],
    ['readable', (home) => ({ readable: [join(home, 'inside')] })],
    ['readable', () => ({ readable: ['/'] })],
    ['writable', (_home, link) => ({ writable: [link] })],
    ['cwd', (home) => ({ cwd: home })],
  ])('cannot be shown by agent.%s', (key, settings) => {
    const context = agentContext();
    const link = join(temporaryDirectory(), 'link');
    mkdirSync(join(context.home, 'inside'));
    symlinkSync(context.home, link);
    expect(() => planSandbox(configOf(settings(context.home, link)), context)).toThrow(
      new RegExp(`^agent\\.${key}: .* would show the home`),
    );
  });

  it('does not follow a link in the place of the working directory', () => {
    const context = agentContext();
    const elsewhere = temporaryDirectory();
    symlinkSync(elsewhere, join(context.home, 'workspace'));
    expect(() => makeWorkspace(context.home)).toThrow('expected a directory');
  });

  it('says which path does not exist', () => {
    expect(() => planSandbox(configOf({ readable: ['/no/such/path'] }), agentContext())).toThrow(
      'agent.readable: /no/such/path does not exist',
    );
  });
});

describe('the choice', () => {
  it.each([
    [{}, {}, 'none'],
    [{}, { HERMES_AGENT_ISOLATION: 'auto' }, 'auto'],
    [{ isolation: 'none' }, { HERMES_AGENT_ISOLATION: 'bwrap' }, 'none'],
  ])('of %j under %j is %s', (settings, environment, choice) => {
    expect(chooseIsolation(configOf(settings), environment)).toBe(choice);
  });

  it('is refused when it is none', () => {
    expect(() => chooseIsolation(configOf({}), { HERMES_AGENT_ISOLATION: 'docker' })).toThrow(
      'HERMES_AGENT_ISOLATION: expected one of none, bwrap, auto, found "docker"',
    );
  });
});

describe('where bwrap is missing', () => {
  const environment = { PATH: '/nowhere' };

  it('an agent that has to be isolated does not start, and one that may go without does, with a warning', async () => {
    const { log, lines } = recordingLog();
    const context = agentContext({ environment, log });
    await expect(prepareIsolation(configOf({ isolation: 'bwrap' }), context)).rejects.toThrow(
      /bwrap does not work on this machine .*ENOENT.*: install the package bubblewrap/,
    );
    expect(await prepareIsolation(configOf({ isolation: 'auto' }), context)).toBeUndefined();
    expect(lines).toMatchObject([{ level: 'warn' }]);
  });
});

const TRIAL = ['--unshare-user', '--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', 'true'];

describe.skipIf(lacking('the Debian package bubblewrap, and user namespaces', runs('bwrap', ...TRIAL)))(
  'where bwrap works',
  () => {
    it('a command that is hidden is refused at the start, unless it is named as readable', async () => {
      const directory = temporaryDirectory();
      const program = join(directory, 'agent');
      writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
      const settings = { isolation: 'bwrap', command: [program] };
      await expect(prepareIsolation(configOf(settings), agentContext())).rejects.toThrow(
        `an isolated command does not see ${program}: name what it needs in agent.readable`,
      );
      const shown = configOf({ ...settings, readable: [directory] });
      expect((await prepareIsolation(shown, agentContext()))?.prefixShowing([])).toContain('bwrap');
    });

    it('a command whose program or files are hidden runs without isolation if allowed, and a warning is logged', async () => {
      const directory = temporaryDirectory();
      const script = join(directory, 'agent.sh');
      writeFileSync(script, '');
      const { log, lines } = recordingLog();
      const config = configOf({ isolation: 'auto', command: ['sh', script] });
      expect(await prepareIsolation(config, agentContext({ log }))).toBeUndefined();
      expect(lines).toMatchObject([{ level: 'warn', reason: expect.stringContaining(`does not see ${script}`) }]);
    });

    it('a working directory is made in the home, and none is to try it out', async () => {
      const context = agentContext();
      await tryIsolation(configOf({ isolation: 'bwrap' }), context);
      expect(readdirSync(context.home)).toEqual([]);
      await prepareIsolation(configOf({ isolation: 'bwrap' }), context);
      expect(existsSync(join(context.home, 'workspace'))).toBe(true);
    });
  },
);
