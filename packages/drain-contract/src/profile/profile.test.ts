import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { findProfile, listProfiles } from './profile.ts';

function makeProfile(home: string): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'SOUL.md'), '');
}

/** A home with these profiles in it. */
function homeWith(...names: string[]): string {
  const home = temporaryDirectory();
  for (const name of names) makeProfile(join(home, 'profiles', name));
  return home;
}

const namesIn = (home: string) => listProfiles({ home }).map((profile) => profile.name);

describe('findProfile', () => {
  it('finds a directory with a SOUL.md in it', () => {
    const home = homeWith('bot');
    expect(findProfile('bot', { home })).toEqual({ name: 'bot', home: join(home, 'profiles', 'bot') });
  });

  it('finds the default profile in the home itself, not in a directory of that name', () => {
    const home = homeWith('default');
    expect(findProfile('default', { home })).toEqual({ name: 'default', home });
  });

  it('finds profiles in a home that is reached through a link', () => {
    const link = join(temporaryDirectory(), 'link');
    symlinkSync(homeWith('bot'), link);
    expect(findProfile('default', { home: link })).toEqual({ name: 'default', home: link });
    expect(findProfile('bot', { home: link })).toEqual({ name: 'bot', home: join(link, 'profiles', 'bot') });
  });

  it.each(['', 'Bot', 'a.b', '..', '../bot', 'a/b', 'bot\n', 'x'.repeat(252), '\u001b[2J'])(
    'refuses the name %j',
    (name) => {
      const refused = expect(() => findProfile(name, { home: homeWith('bot') }));
      refused.toThrow(expect.objectContaining({ code: 'invalid_argument' }));
      refused.toThrow(/^bad profile name "[^\p{Cc}]{0,60}": expected lower-case letters/u);
    },
  );

  it('says where a profile would have to be', () => {
    const home = homeWith('bot');
    expect(() => findProfile('cat', { home })).toThrow(
      expect.objectContaining({
        code: 'profile_unknown',
        message: expect.stringContaining(join(home, 'profiles', 'cat')),
      }),
    );
  });

  it.each(['nowhere', 'plain', 'dangling'])('says that the home is missing when it is %s', (name) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'plain'), '');
    symlinkSync('nothing', join(directory, 'dangling'));
    const home = join(directory, name);
    expect(() => findProfile('default', { home })).toThrow(
      expect.objectContaining({ code: 'home_missing', message: expect.stringContaining(home) }),
    );
    expect(() => findProfile('bot', { home })).toThrow(expect.objectContaining({ code: 'profile_unknown' }));
  });
});

describe('listProfiles', () => {
  it('lists the default profile first and the others by name', () => {
    const home = homeWith('b', 'a-2', 'a', '0', 'a_1');
    expect(namesIn(home)).toEqual(['default', '0', 'a', 'a-2', 'a_1', 'b']);
    expect(listProfiles({ home })[1]).toEqual({ name: '0', home: join(home, 'profiles', '0') });
  });

  it('lists the default profile once, though there is a directory of that name', () => {
    expect(namesIn(homeWith('default', 'a'))).toEqual(['default', 'a']);
  });

  it.each(['nowhere', 'plain'])('lists the default profile alone when the home is %s', (name) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'plain'), '');
    expect(namesIn(join(directory, name))).toEqual(['default']);
  });
});

describe('no profile is', () => {
  it.each<[what: string, make: (profiles: string, elsewhere: string) => void]>([
    ['a directory without a SOUL.md', (profiles) => mkdirSync(join(profiles, 'bad'))],
    ['a file', (profiles) => writeFileSync(join(profiles, 'bad'), '')],
    ['a link to a profile', (profiles, elsewhere) => symlinkSync(elsewhere, join(profiles, 'bad'))],
    ['a link to nothing', (profiles) => symlinkSync('nothing', join(profiles, 'bad'))],
    [
      'a directory whose SOUL.md is a directory',
      (profiles) => mkdirSync(join(profiles, 'bad', 'SOUL.md'), { recursive: true }),
    ],
    [
      'a directory whose SOUL.md is a link',
      (profiles, elsewhere) => {
        mkdirSync(join(profiles, 'bad'));
        symlinkSync(join(elsewhere, 'SOUL.md'), join(profiles, 'bad', 'SOUL.md'));
      },
    ],
    ['a directory of a name that is not allowed', (profiles) => makeProfile(join(profiles, 'Bad.tmp'))],
  ])('%s', (_what, make) => {
    const home = homeWith('good');
    const elsewhere = temporaryDirectory();
    makeProfile(elsewhere);
    make(join(home, 'profiles'), elsewhere);
    expect(namesIn(home)).toEqual(['default', 'good']);
    expect(() => findProfile('bad', { home })).toThrow(expect.objectContaining({ code: 'profile_unknown' }));
  });

  it('anything under a profiles directory that is a link', () => {
    const home = temporaryDirectory();
    symlinkSync(join(homeWith('bot'), 'profiles'), join(home, 'profiles'));
    expect(namesIn(home)).toEqual(['default']);
    expect(() => findProfile('bot', { home })).toThrow(expect.objectContaining({ code: 'profile_unknown' }));
  });
});
