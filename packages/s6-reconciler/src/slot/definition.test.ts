import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type SlotDefinition, slotFiles, timeoutKillMs } from './definition.ts';

const plain: SlotDefinition = {
  profile: 'support',
  rootHome: '/opt/data',
  profileHome: '/opt/data/profiles/support',
  command: 'hermes-gateway',
  user: undefined,
  graceSeconds: 30,
};

const definitions: Record<string, SlotDefinition> = {
  'user-tree': plain,
  'root-tree': { ...plain, user: '10000:10000' },
  default: { ...plain, profile: 'default', profileHome: '/opt/data' },
  'odd-paths': {
    ...plain,
    rootHome: "/srv/it's $HOME",
    profileHome: "/srv/it's $HOME/profiles/support",
    command: '/opt/my tools/gateway',
  },
};

describe('the files of a slot', () => {
  it.each(Object.entries(definitions))('are what they were: %s', async (name, definition) => {
    const shown = [...slotFiles(definition)].map(([path, { text, mode }]) => `== ${path} ${mode.toString(8)}\n${text}`);
    await expect(shown.join('')).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it.each(Object.entries(definitions))('hold scripts that a POSIX shell understands: %s', (_name, definition) => {
    const scripts = [...slotFiles(definition).values()].filter(({ mode }) => mode === 0o755);
    expect(scripts).toHaveLength(3);
    for (const { text } of scripts) {
      expect(spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    }
  });

  it('name no profile for the one in the home itself', () => {
    expect(slotFiles(plain).get('run')?.text).toMatch(/ run --standby -p support\n$/);
    expect(slotFiles({ ...plain, profile: 'default' }).get('run')?.text).toMatch(/ run --standby\n$/);
  });

  it('drop from root in every script, and nowhere else', () => {
    for (const script of ['run', 'finish', 'log/run']) {
      expect(slotFiles({ ...plain, user: '7:8' }).get(script)?.text).toContain('s6-setuidgid 7:8 ');
      expect(slotFiles(plain).get(script)?.text).not.toContain('s6-setuidgid');
    }
  });

  it.each([0, 0.001, 30, 86_400])('give a gateway longer than the %d s it gives its turns', (grace) => {
    expect(timeoutKillMs(grace)).toBeGreaterThanOrEqual((grace + 10) * 1000);
    expect(Number.isInteger(timeoutKillMs(grace))).toBe(true);
  });
});
