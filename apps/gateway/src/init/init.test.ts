import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/load.ts';
import { KNOWN_KEYS } from '../config/schema.ts';
import { failedStart, startGateway } from '../testing/gateway-process.ts';
import { runCommand } from '../testing/run-command.ts';
import { CONFIG_TEMPLATE } from './config-template.ts';

/** A section, or a key without one, with the lines of its settings. */
interface Block {
  readonly head: string;
  readonly settings: readonly string[];
}

/** The settings of the template without their `#`. */
function blocks(): Block[] {
  const found: { head: string; settings: string[] }[] = [];
  for (const line of CONFIG_TEMPLATE.split('\n')) {
    if (/^#[a-z]/.test(line)) found.push({ head: line.slice(1), settings: [] });
    else if (/^# {2}[a-z]/.test(line)) found.at(-1)?.settings.push(line.slice(1));
    else expect(line).toMatch(/^(# \S.*)?$/);
  }
  return found;
}

function load(text: string, environment: NodeJS.ProcessEnv = {}) {
  const home = temporaryDirectory();
  writeFileSync(join(home, 'config.yaml'), text);
  return loadConfig(home, environment);
}

const isExample = (line: string) => line.includes('# example');

describe('the config.yaml of a new home', () => {
  it('loads as it is, with the defaults', () => expect(load(CONFIG_TEMPLATE)).toEqual(load('')));

  it('has every section and every key that stands alone', () => {
    const names = blocks().map(({ head }) => head.split(':')[0]);
    expect(new Set(names)).toEqual(KNOWN_KEYS);
  });

  it.each(
    blocks().map((block) => [block.head, block.settings.find((line) => line.includes('kind:')) ?? '', block] as const),
  )(
    '%s%s loads with each of its lines, and its defaults are those of the schema',
    (_head, _kind, { head, settings }) => {
      const examples = settings.filter(isExample);
      const base = load([head, ...examples].join('\n'));
      expect(base.warnings).toEqual([]);
      // With all its lines, a section is as with its examples alone: the other lines are defaults.
      expect(load([head, ...settings].join('\n'))).toEqual(base);
      for (const line of settings.filter((each) => !isExample(each))) {
        expect(load([head, ...examples, line].join('\n'))).toEqual(base);
      }
      if (settings.length === 0 || examples.length === 0) expect(base).toEqual(load(''));
    },
  );
});

describe('hermes-gateway init', () => {
  it('makes a home that only its owner can read, where the commands that it prints work', async () => {
    const home = join(temporaryDirectory(), 'some where', 'home');
    const { code, stdout } = runCommand(['init', home, '--json'], { API_SERVER_PORT: '0' });
    expect(code).toBe(0);
    const { created, export: line, commands } = JSON.parse(stdout);
    expect(created).toEqual([home, join(home, 'config.yaml')]);
    expect([home, join(home, 'config.yaml')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
    expect(readdirSync(join(home, '..'))).toEqual(['home']);
    expect(commands.slice(0, 2)).toEqual(['hermes-gateway doctor', 'hermes-gateway run']);
    const gateway = await startGateway({ home });
    const send = String(commands[2]).replace('http://127.0.0.1:0', gateway.url);
    const shell = (text: string) => spawnSync('sh', ['-c', text], { encoding: 'utf8' });
    expect(JSON.parse(shell(send).stdout)).toMatchObject({ status: 'done', reply: 'hello' });
    expect(shell(`${line}; echo "$HERMES_HOME"`).stdout).toBe(`${home}\n`);
  });

  it('adds a missing config.yaml, and otherwise leaves a home as it is', () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'gateway_state.json'), '{}');
    expect(runCommand(['init'], { HERMES_HOME: home })).toMatchObject({ code: 0 });
    expect(readFileSync(join(home, 'config.yaml'), 'utf8')).toBe(CONFIG_TEMPLATE);
    writeFileSync(join(home, 'config.yaml'), 'log_level: warn\n');
    const { code, stdout } = runCommand(['init', home]);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/is a home already; nothing was changed/)]);
    expect(readFileSync(join(home, 'config.yaml'), 'utf8')).toBe('log_level: warn\n');
  });

  it('writes gateway.yaml beside the settings of another program, when it is asked to', () => {
    const home = temporaryDirectory();
    for (const [name, text] of Object.entries({ 'config.yaml': 'model: {default: some-model}\n', 'SOUL.md': '' }))
      writeFileSync(join(home, name), text);
    const { code, stdout } = runCommand(['init', '--beside'], { HERMES_HOME: home });
    expect([code, stdout]).toEqual([0, expect.stringContaining(`created ${join(home, 'gateway.yaml')}`)]);
    expect(readFileSync(join(home, 'gateway.yaml'), 'utf8')).toBe(CONFIG_TEMPLATE);
    expect(runCommand(['init', '-p', 'default', home])).toMatchObject({ code: 2 });
  });

  it('makes nothing in a directory of something else, or in the place of a file', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'src'));
    expect(runCommand(['init', directory])).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/not a home \(src\)/),
    });
    expect(readdirSync(directory)).toEqual(['src']);
    writeFileSync(join(directory, 'file'), '');
    expect(await failedStart({ home: directory, args: ['init', join(directory, 'file')] })).toMatchObject({ code: 78 });
  });
});
