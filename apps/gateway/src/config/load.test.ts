import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '@hermes/service-kit';
import { temporaryDirectory } from '@hermes/test-kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from './load.ts';

let home: string;
let path: string;

beforeEach(() => {
  home = temporaryDirectory();
  path = join(home, 'config.yaml');
});

/** Why these settings are refused, with PATH for the path of the file. */
function complaint(file: string | Uint8Array | undefined, environment: NodeJS.ProcessEnv = {}): string {
  if (file !== undefined) writeFileSync(path, file);
  try {
    loadConfig(home, environment);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return error.message.replaceAll(path, 'PATH');
  }
  return 'accepted';
}

const ORIGIN = 'expected an origin such as https://chat.example.com';
const AS_SENT = 'without a path and as browsers send it';

const DEFAULTS = {
  api_server: { host: '127.0.0.1', port: 8642, max_body_mib: 20 },
  restart_drain_timeout: 30,
  start_timeout: 60,
  agent: { kind: 'echo', delay_ms: 0 },
  history: { turns: 50, max_chars: 200_000 },
  journal: { kind: 'sqlite' },
  on_drain: 'refuse',
  on_disconnect: { chat_completions: 'continue', messages: 'continue' },
  stall_after: 300,
  retention_days: 7,
  home_channels: [],
  operators: [],
  log_level: 'info',
};

describe('gateway.yaml', () => {
  it('is read in place of config.yaml, which may be of another program', () => {
    writeFileSync(path, 'agent: {max_turns: 90}\n');
    writeFileSync(join(home, 'gateway.yaml'), 'api_server: {port: 1}\n');
    expect(loadConfig(home, {}).config.api_server.port).toBe(1);
    writeFileSync(join(home, 'gateway.yaml'), 'api_server: {port: x}\n');
    expect(() => loadConfig(home, {})).toThrow(`${join(home, 'gateway.yaml')}: line 1: api_server.port`);
  });

  it('that cannot be read is not taken for none', () => {
    mkdirSync(join(home, 'gateway.yaml'));
    expect(complaint('log_level: warn\n')).toContain('gateway.yaml');
  });
});

describe('loadConfig', () => {
  it.each<[what: string, file: string | undefined]>([
    ['no file', undefined],
    ['an empty file', ''],
    ['nothing but remarks', '# nothing\n---\n'],
    ['sections whose keys are all commented out', 'api_server:\n  # port: 1\nagent:\n'],
    ['a byte order mark', '\ufeff{}'],
  ])('has defaults for %s', (_what, file) => {
    if (file !== undefined) writeFileSync(path, file);
    expect(loadConfig(home, {})).toEqual({ config: DEFAULTS, warnings: [] });
  });

  it('takes what the file says', () => {
    writeFileSync(
      path,
      'api_server:\n  host: "::1"\n  port: "0"\n  key: s3cret\n  max_body_mib: 64\nrestart_drain_timeout: 0.5\nagent: {kind: echo, delay_ms: 9}\non_drain: queue\nstall_after: 60\nretention_days: 1\nlog_level: warn\n',
    );
    expect(loadConfig(home, {}).config).toEqual({
      api_server: { host: '::1', port: 0, key: 's3cret', max_body_mib: 64 },
      restart_drain_timeout: 0.5,
      start_timeout: 60,
      agent: { kind: 'echo', delay_ms: 9 },
      on_disconnect: { chat_completions: 'continue', messages: 'continue' },
      history: { turns: 50, max_chars: 200_000 },
      journal: { kind: 'sqlite' },
      on_drain: 'queue',
      stall_after: 60,
      retention_days: 1,
      home_channels: [],
      operators: [],
      log_level: 'warn',
    });
  });

  it('lets variables win over the file, and takes an empty variable for none', () => {
    writeFileSync(path, 'api_server: {port: 1, key: from-file}\nrestart_drain_timeout: 5\nlog_level: error\n');
    const environment = {
      API_SERVER_HOST: '0.0.0.0',
      API_SERVER_PORT: '2',
      API_SERVER_KEY: 'from-environment',
      HERMES_RESTART_DRAIN_TIMEOUT: '7',
      HERMES_LOG_LEVEL: '',
    };
    expect(loadConfig(home, environment).config).toMatchObject({
      api_server: { host: '0.0.0.0', port: 2, key: 'from-environment', max_body_mib: 20 },
      restart_drain_timeout: 7,
      start_timeout: 60,
      log_level: 'error',
    });
  });

  it('takes origins from the file, or with commas between them from the variable', () => {
    writeFileSync(path, 'api_server: {cors_origins: [https://a.example, "http://[::1]:3000"]}\n');
    expect(loadConfig(home, {}).config.api_server.cors_origins).toEqual(['https://a.example', 'http://[::1]:3000']);
    const environment = { API_SERVER_CORS_ORIGINS: 'https://b.example, https://xn--bcher-kva.example:8443' };
    expect(loadConfig(home, environment).config.api_server.cors_origins).toEqual([
      'https://b.example',
      'https://xn--bcher-kva.example:8443',
    ]);
  });

  it('warns of keys that are not ours, by line, and starts', () => {
    writeFileSync(path, 'log_level: info\nmodel:\n  provider: x\nterminal: {}\n');
    expect(loadConfig(home, {}).warnings).toEqual([
      `${path}: line 2: "model" is not a key of the gateway and is ignored`,
      `${path}: line 4: "terminal" is not a key of the gateway and is ignored`,
    ]);
  });

  it.each<[file: string, message: string]>([
    // Values.
    ['api_server:\n  port: abc', 'PATH: line 2: api_server.port: expected a whole number from 0 to 65535, found "abc"'],
    [
      'api_server:\n  max_body_mib: 0.5',
      'PATH: line 2: api_server.max_body_mib: expected a whole number of MiB from 1 to 256, found 0.5',
    ],
    [
      'api_server:\n  port: 65536',
      'PATH: line 2: api_server.port: expected a whole number from 0 to 65535, found 65536',
    ],
    ['api_server:\n  port: 80.5', 'PATH: line 2: api_server.port: expected a whole number from 0 to 65535, found 80.5'],
    ['api_server:\n  port: true', 'PATH: line 2: api_server.port: expected a whole number from 0 to 65535, found true'],
    ['api_server:\n  port: " "', 'PATH: line 2: api_server.port: expected a whole number from 0 to 65535, found " "'],
    ['api_server:\n  port: [80]', 'PATH: line 2: api_server.port: expected a whole number from 0 to 65535'],
    ['api_server:\n  port:\n', 'PATH: line 2: api_server.port: expected a whole number from 0 to 65535'],
    [
      'api_server: {host: 127}',
      'PATH: line 1: api_server.host: Invalid input: expected string, received number, found 127',
    ],
    ['restart_drain_timeout: -1', 'PATH: line 1: restart_drain_timeout: expected seconds from 0 to 86400, found -1'],
    [
      'restart_drain_timeout: .inf',
      'PATH: line 1: restart_drain_timeout: expected seconds from 0 to 86400, found null',
    ],
    [
      '\nrestart_drain_timeout: soon',
      'PATH: line 2: restart_drain_timeout: expected seconds from 0 to 86400, found "soon"',
    ],
    ['restart_drain_timeout:', 'PATH: line 1: restart_drain_timeout: expected seconds from 0 to 86400'],
    [
      'agent:\n  delay_ms: "9"',
      'PATH: line 2: agent.delay_ms: Invalid input: expected number, received string, found "9"',
    ],
    ['agent:\n  kind: none', 'PATH: line 2: agent.kind: expected "echo", "command" or "openai", found "none"'],
    [
      'api_server:\n  cors_origins: ["*"]',
      `PATH: line 2: api_server.cors_origins.0: ${ORIGIN}: with * any website could use the API: list each origin, found "*"`,
    ],
    [
      'api_server:\n  cors_origins:\n    - https://a.example\n    - "null"',
      `PATH: line 4: api_server.cors_origins.1: ${ORIGIN}: any page in a sandbox and any local file has the origin null, found "null"`,
    ],
    [
      'api_server: {cors_origins: [a.example]}',
      `PATH: line 1: api_server.cors_origins.0: ${ORIGIN}, with https or http, found "a.example"`,
    ],
    [
      'api_server: {cors_origins: ["ftp://a.example"]}',
      `PATH: line 1: api_server.cors_origins.0: ${ORIGIN}, with https or http, found "ftp://a.example"`,
    ],
    [
      'api_server: {cors_origins: [https://a.example/]}',
      `PATH: line 1: api_server.cors_origins.0: ${ORIGIN}, ${AS_SENT}: https://a.example, found "https://a.example/"`,
    ],
    [
      'api_server: {cors_origins: ["https://A.example:443"]}',
      `PATH: line 1: api_server.cors_origins.0: ${ORIGIN}, ${AS_SENT}: https://a.example, found "https://A.example:443"`,
    ],
    [
      'api_server: {cors_origins: [https://me@a.example]}',
      `PATH: line 1: api_server.cors_origins.0: ${ORIGIN}, ${AS_SENT}: https://a.example, found "https://me@a.example"`,
    ],
    ['api_server: {cors_origins: [7]}', `PATH: line 1: api_server.cors_origins.0: ${ORIGIN}, found 7`],
    [
      'api_server: {cors_origins: https://a.example}',
      'PATH: line 1: api_server.cors_origins: expected a list of origins such as [https://chat.example.com], found "https://a.example"',
    ],
    // Sections.
    ['api_server:\n  - port: 1', 'PATH: line 1: api_server: Invalid input: expected object, received array'],
    ['# hi\nagent: echo', 'PATH: line 2: agent: Invalid input: expected object, received string'],
    ['api_server:\n  port: 1\n  prot: 2', 'PATH: line 3: api_server.prot: Unrecognized key: "prot"'],
    ['agent:\n  model:\n    name: x', 'PATH: line 2: agent.model: Unrecognized key: "model"'],
    // The file as a whole.
    ['- a\n- b', 'PATH: expected keys and values, found a list'],
    ['just text', 'PATH: expected keys and values, found a string'],
    ['42', 'PATH: expected keys and values, found a number'],
    ['agent: {}\nlog_level: info\nagent: {}', 'PATH: line 3: not valid YAML: Map keys must be unique'],
    ['agent:\n\tkind: echo', 'PATH: line 2: not valid YAML: Tabs are not allowed as indentation'],
    ['a: b: c', 'PATH: line 1: not valid YAML: Nested mappings are not allowed in compact mappings'],
    ['log_level: "info', 'PATH: line 1: not valid YAML: Missing closing "quote'],
    [
      'a: 1\n---\nb: 2',
      'PATH: line 2: not valid YAML: Source contains multiple documents; please use YAML.parseAllDocuments()',
    ],
    ['a: *b', 'PATH: not valid YAML: an alias has no anchor before it, or there are too many of them'],
  ])('refuses %j in one line that says where and why', (file, message) => {
    expect(complaint(file)).toBe(message);
  });

  it.each<[environment: NodeJS.ProcessEnv, message: string]>([
    [{ API_SERVER_PORT: 'http' }, 'API_SERVER_PORT: expected a whole number from 0 to 65535, found "http"'],
    [{ API_SERVER_PORT: ' ' }, 'API_SERVER_PORT: expected a whole number from 0 to 65535, found " "'],
    [{ API_SERVER_PORT: '-1' }, 'API_SERVER_PORT: expected a whole number from 0 to 65535, found "-1"'],
    [
      { HERMES_RESTART_DRAIN_TIMEOUT: '90000' },
      'HERMES_RESTART_DRAIN_TIMEOUT: expected seconds from 0 to 86400, found "90000"',
    ],
    [
      { API_SERVER_CORS_ORIGINS: 'https://a.example, *' },
      `API_SERVER_CORS_ORIGINS: ${ORIGIN}: with * any website could use the API: list each origin, found "*"`,
    ],
    [
      { API_SERVER_CORS_ORIGINS: 'https://a.example,' },
      `API_SERVER_CORS_ORIGINS: ${ORIGIN}, with https or http, found ""`,
    ],
    [{ API_SERVER_KEY: 'two words' }, 'API_SERVER_KEY: expected printable ASCII characters without spaces'],
    [
      { HERMES_LOG_LEVEL: 'loud' },
      'HERMES_LOG_LEVEL: Invalid option: expected one of "trace"|"debug"|"info"|"warn"|"error"|"fatal"|"silent", found "loud"',
    ],
    [
      { API_SERVER_HOST: '0.0.0.0' },
      'API_SERVER_HOST is 0.0.0.0, which other machines can reach: set API_SERVER_KEY, or listen on 127.0.0.1',
    ],
  ])('refuses %j and names the variable', (environment, message) => {
    writeFileSync(path, 'api_server: {port: 1}\n');
    expect(complaint(undefined, environment)).toBe(message);
  });

  it('names the section that is wrong even where a variable would have gone into it', () => {
    expect(complaint('api_server: [1]', { API_SERVER_PORT: '1' })).toBe(
      'PATH: line 1: api_server: Invalid input: expected object, received array',
    );
  });

  it.each(['localhost', '127.0.0.1', '127.9.9.9', '::1'])('needs no key on %s', (host) => {
    expect(complaint(undefined, { API_SERVER_HOST: host })).toBe('accepted');
  });

  it.each(['0.0.0.0', '::', '192.168.1.1', 'example.org', '127.0.0.1.example.org'])('needs a key on %s', (host) => {
    expect(complaint(`api_server: {host: "${host}"}`)).toContain('set API_SERVER_KEY');
    expect(complaint(`api_server: {host: "${host}", key: s3cret}`)).toBe('accepted');
  });

  it.each([
    'api_server: {key: [s3cret]}',
    'api_server: {key: "s3cret s3cret"}',
    'api_server: {kye: s3cret}',
    'api_server: {key: s3cret, port: {key: s3cret}}',
    'api_server: [{key: s3cret}]',
    'api_server: s3cret',
    'api_server:\n  key: |s3cret',
    'api_server:\n  key: *s3cret',
    'api_server:\n  key: "s3cret',
    'api_server: {key: s3cret\n',
    's3cret',
  ])('keeps the secret to itself when it refuses %j', (file) => {
    const message = complaint(file);
    expect(message).toMatch(/^PATH: /);
    expect(message).not.toContain('s3cret');
  });
});

describe('a config.yaml that is not what it should be', () => {
  it.each<[what: string, code: string, make: () => void]>([
    ['a directory', 'EISDIR', () => mkdirSync(path)],
    ['a link', 'ELOOP', () => symlinkSync('/etc/hostname', path)],
    ['a FIFO', 'ENOTREG', () => execFileSync('mkfifo', [path])],
  ])('is refused as %s', (_what, code, make) => {
    make();
    expect(complaint(undefined)).toBe(`cannot read PATH: ${code}; expected a regular file that this user can read`);
  });

  it('is refused when it is too large, instead of read in part', () => {
    expect(complaint(`log_level: info\n${'#'.repeat(64 * 1024)}\nagent: {kind: none}`)).toBe(
      'PATH: too large; expected at most 65536 bytes',
    );
    expect(complaint(`log_level: info\n#${' '.repeat(64 * 1024 - 17)}`)).toBe('accepted');
  });

  it.each<[what: string, bytes: Uint8Array]>([
    ['other bytes than text', Uint8Array.of(0xff, 0xfe, 0x00)],
    ['a program', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0x02, 0xc3, 0x28])],
  ])('is refused when it holds %s', (_what, bytes) => {
    expect(complaint(bytes)).toBe('PATH: expected text in UTF-8, found other bytes');
  });

  it('is refused in one line when aliases would grow beyond all bounds', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(',')}]`;
    const bomb = [level('a', 'x'), ...[...'bcdefgh'].map((name, index) => level(name, `*${'abcdefg'[index]}`))];
    expect(complaint(bomb.join('\n'))).toContain('an alias has no anchor before it, or there are too many of them');
  });

  it.each(['agent: &a [*a]', 'agent: &a {delay_ms: *a}', 'other: &a [*a]'])(
    'does not go round in circles for %j',
    (file) => {
      expect(complaint(file)).toMatch(/^PATH: line 1: agent.*expected|^accepted$/);
    },
  );

  it('shows only the beginning of a wrong value that is long', () => {
    const message = complaint(`log_level: ${'x'.repeat(60_000)}`);
    expect(message.length).toBeLessThan(300);
  });

  it('may use an anchor in several places', () => {
    expect(complaint('common: &c {delay_ms: 5}\nagent: *c\n')).toBe('accepted');
  });
});
