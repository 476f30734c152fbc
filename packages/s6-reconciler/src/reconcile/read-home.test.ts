import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, lacking, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { homeWith, makeProfile } from '../testing/homes.ts';
import { asUser } from '../user.ts';
import { decideAutostart } from './autostart.pure.ts';
import { readHome } from './read-home.ts';

const summaryOf = (home: string) =>
  readHome(home).map((snapshot) =>
    snapshot.kind === 'profile' ? snapshot.name : `${snapshot.name}: ${snapshot.reason}`,
  );

describe('a look at a home', () => {
  it('finds the default profile even where there is nothing', () => {
    const home = join(temporaryDirectory(), 'nowhere');
    expect(readHome(home)).toEqual([expect.objectContaining({ kind: 'profile', name: 'default', home })]);
  });

  it('finds the default profile first and the others by name', () => {
    expect(summaryOf(homeWith({ b: {}, a: {}, '0': {} }))).toEqual(['default', '0', 'a', 'b']);
  });

  it('reads what each profile was and what is wanted of it', () => {
    const home = homeWith({
      a: {
        'gateway_state.json': '{"gateway_state":"draining","desired_state":"running","restart_drain_timeout":12}',
        'desired_state.json': '{"desired_state":"stopped"}',
      },
    });
    expect(readHome(home)[1]).toEqual({
      kind: 'profile',
      name: 'a',
      home: join(home, 'profiles/a'),
      desired: 'stopped',
      observedState: 'draining',
      legacyDesired: 'running',
      stopSeconds: 42,
    });
  });

  it.each([
    ['cut off', '{"desired_state":"runn'],
    ['of another type', '[]'],
    ['empty', ''],
    ['binary', '\0\u0001'],
    ['unknown', '{"desired_state":"paused"}'],
  ])('tells that there is a desired state that cannot be understood: %s', (_what, text) => {
    const home = homeWith({ a: { 'desired_state.json': text, 'gateway_state.json': text } });
    expect(readHome(home)[1]).toMatchObject({ desired: 'unclear', observedState: undefined });
  });

  it('does not follow a link in the place of a file of a profile', () => {
    const home = homeWith({ a: {} });
    const elsewhere = join(temporaryDirectory(), 'elsewhere');
    writeFileSync(elsewhere, '{"desired_state":"running","gateway_state":"running"}');
    symlinkSync(elsewhere, join(home, 'profiles/a/desired_state.json'));
    symlinkSync(elsewhere, join(home, 'profiles/a/gateway_state.json'));
    expect(readHome(home)[1]).toMatchObject({ desired: 'unclear', observedState: undefined });
  });
});

describe('in the place of a profile', () => {
  const rule = 'bad name: lower-case letters, digits, "-" and "_", at most 251';

  it.each([
    ['Bad', rule],
    ['a.b', rule],
    ['-a', rule],
    ['.hidden', rule],
    ['a b', rule],
    ['a\nb', rule],
    ['x'.repeat(252), rule],
    ['x'.repeat(244), 'name too long for a service: at most 243'],
    ['default', 'the name is reserved for the profile of the home itself'],
  ])('%j cannot be supervised', (name, reason) => {
    expect(summaryOf(homeWith({ [name]: {} }))).toEqual(['default', `${name}: ${reason}`]);
  });

  it('a name that is not UTF-8 is shown by its bytes', () => {
    const home = homeWith({ a: {} });
    const odd = Buffer.concat([Buffer.from(`${home}/profiles/`), Buffer.from([0x62, 0xff])]);
    mkdirSync(odd);
    writeFileSync(Buffer.concat([odd, Buffer.from('/SOUL.md')]), '');
    expect(summaryOf(home)).toEqual(['default', 'a', `b\u00ff: ${rule}`]);
  });

  it('a name of 243 characters can be supervised', () => {
    const name = 'x'.repeat(243);
    expect(summaryOf(homeWith({ [name]: {} }))).toEqual(['default', name]);
  });

  it('a link is reported, whatever its target', () => {
    const home = homeWith({ a: {} });
    const elsewhere = temporaryDirectory();
    makeProfile(elsewhere);
    symlinkSync(elsewhere, join(home, 'profiles/b'));
    symlinkSync('nothing', join(home, 'profiles/c'));
    expect(summaryOf(home)).toEqual(['default', 'a', 'b: is a link', 'c: is a link']);
  });

  it('a SOUL.md that is not a file is reported', () => {
    const home = homeWith({ a: {} });
    mkdirSync(join(home, 'profiles/b/SOUL.md'), { recursive: true });
    expect(summaryOf(home)).toEqual(['default', 'a', 'b: SOUL.md is not a regular file']);
  });

  it('a file, or a directory without a SOUL.md, is nothing', () => {
    const home = homeWith({ a: {} });
    mkdirSync(join(home, 'profiles/backup'));
    writeFileSync(join(home, 'profiles/notes'), '');
    expect(summaryOf(home)).toEqual(['default', 'a']);
  });

  it.skipIf(lacking('root, to become a user who may not read', isRoot()))('an unreadable entry is reported', () => {
    const home = homeWith({ a: {}, b: {} });
    chmodSync(home, 0o755);
    chmodSync(join(home, 'profiles/b'), 0o700);
    expect(asUser({ uid: 10000, gid: 10000 }, () => summaryOf(home))).toEqual([
      'default',
      'a',
      'b: unreadable (EACCES)',
    ]);
    chmodSync(join(home, 'profiles'), 0o700);
    expect(asUser({ uid: 10000, gid: 10000 }, () => summaryOf(home))).toEqual([
      'default',
      'profiles: unreadable (EACCES)',
    ]);
  });

  it.each([
    ['a file', (path: string) => writeFileSync(path, '')],
    ['a link', (path: string) => symlinkSync(temporaryDirectory(), path)],
  ])('of all profiles, %s is reported', (_what, make) => {
    const home = temporaryDirectory();
    make(join(home, 'profiles'));
    expect(summaryOf(home)).toEqual(['default', 'profiles: not a directory']);
  });
});

describe('the boot knows why a profile has no known state', () => {
  it.each<[what: string, put: (path: string) => void, problem: string]>([
    ['too large', (path) => writeFileSync(path, `{"x":"${'x'.repeat(65_536)}"}`), 'is larger than 64 KiB'],
    ['not JSON, as Python writes it', (path) => writeFileSync(path, '{"active_agents":NaN}'), 'is not a JSON object'],
    ['a link', (path) => symlinkSync('/nowhere', path), 'is a link'],
    ['a directory', (path) => mkdirSync(path), 'cannot be read (EISDIR)'],
  ])('%s', (_what, put, problem) => {
    const home = homeWith({ a: {} });
    put(join(home, 'profiles/a/gateway_state.json'));
    const found = readHome(home)[1];
    expect(found).toMatchObject({ kind: 'profile', stateProblem: problem });
    if (found?.kind !== 'profile') return;
    const reason = `no state known: gateway_state.json ${problem}`;
    expect(decideAutostart(found)).toMatchObject({ start: false, reason });
  });

  it.each<[state: string, priorExit: string | undefined]>([
    ['{"exit":{"signal":"SIGTERM","reason":"signal"}}', 'SIGTERM'],
    ['{"exit":{"signal":null,"reason":"the port is taken"}}', 'the port is taken'],
    ['{"kind":"hermes-gateway","exit_reason":"crash","exit":{"signal":"SIGTERM"}}', 'crash'],
    ['{"kind":"hermes-gateway","exit_reason":null}', undefined],
    ['{"exit":7}', undefined],
  ])('and how its gateway ended: %s', (state, priorExit) => {
    const found = readHome(homeWith({ a: { 'gateway_state.json': state } }))[1];
    expect(found?.kind === 'profile' && found.priorExit).toBe(priorExit);
  });
});

describe('a home whose root gateway serves all profiles', () => {
  const running = { 'gateway_state.json': '{"gateway_state":"running"}' };

  it.each(['multiplex_profiles: true', 'gateway:\n  multiplex_profiles: yes # all\r\n', '"multiplex_profiles" : On'])(
    'has no other gateway started: %j',
    (config) => {
      const home = homeWith({ a: running });
      writeFileSync(join(home, 'config.yaml'), config);
      writeFileSync(join(home, 'gateway_state.json'), running['gateway_state.json']);
      const decisions = readHome(home).map((found) => found.kind === 'profile' && decideAutostart(found));
      expect(decisions).toMatchObject([
        { start: true },
        { start: false, reason: expect.stringContaining('multiplex_profiles') },
      ]);
    },
  );

  it.each(['', 'multiplex_profiles: false', '# multiplex_profiles: true', 'multiplex_profiles: true story', '\0'])(
    'is not one that says %j',
    (config) => {
      const home = homeWith({ a: running });
      writeFileSync(join(home, 'config.yaml'), config);
      const found = readHome(home)[1];
      expect(found?.kind === 'profile' && decideAutostart(found).start).toBe(true);
    },
  );
});
