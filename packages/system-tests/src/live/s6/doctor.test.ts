import { chownSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Check } from '@hermes/s6-reconciler';
import { expect, test } from 'vitest';
import { describeS6 } from './suite.ts';
import { HERMES, Tree, type TreeOptions } from './tree.ts';

const GATEWAY = fileURLToPath(new URL('../../../node_modules/.bin/hermes-gateway', import.meta.url));

async function examine(tree: Tree, command = GATEWAY): Promise<readonly Check[]> {
  const { stdout } = await tree.hermesS6(['doctor', '--json', '--command', command]);
  return JSON.parse(stdout).checks;
}

describeS6('the doctor', () => {
  test.each<Required<Pick<TreeOptions, 'tree'>>>([{ tree: 'user' }, { tree: 'root' }])(
    'finds profiles with the same port, files of another user and a clock that is behind, in the tree of: $tree',
    async (options) => {
      await using tree = new Tree(options);
      const home = tree.addProfile('a', { 'gateway_state.json': '{}' });
      const found = async (check: string) =>
        (await examine(tree)).find((one) => one.profile === 'a' && one.check === check);

      expect(await found('port')).toMatchObject({ ok: null, warning: true });
      for (const name of ['a', 'default'])
        tree.addProfile(name, { 'desired_state.json': '{"desired_state":"running"}' });
      expect(await found('port')).toMatchObject({ ok: false, found: '8642, as default' });
      for (const elsewhere of ['host: 127.0.0.2', 'port: 8643']) {
        writeFileSync(join(home, 'config.yaml'), `api_server: { ${elsewhere} }\n`);
        expect(await found('port'), elsewhere).toMatchObject({ ok: true });
      }

      expect(await found('owner')).toMatchObject({
        ok: true,
        found: `user ${HERMES.uid} owns what the gateway writes`,
      });
      chownSync(join(home, 'gateway_state.json'), 0, 0);
      const cure = `sudo chown -R ${HERMES.uid} ${join(home, 'gateway_state.json')}`;
      expect(await found('owner')).toMatchObject({ ok: false, cure });

      expect(await found('clock')).toMatchObject({ ok: true });
      const tomorrow = Date.now() / 1_000 + 86_400;
      utimesSync(join(home, 'SOUL.md'), tomorrow, tomorrow);
      expect(await found('clock')).toMatchObject({
        ok: false,
        found: expect.stringContaining('SOUL.md was written at'),
      });
    },
  );

  test('as root knows that the user of the gateways cannot write the home', async () => {
    await using tree = new Tree({ tree: 'root' });
    const found = async () => (await examine(tree)).find(({ check }) => check === 'home');
    expect(await found()).toMatchObject({ ok: true });
    chownSync(tree.home, 0, 0);
    expect(await found()).toMatchObject({ ok: false, found: `${tree.home}: EACCES for uid ${HERMES.uid}` });
  });

  test('does not know the ports where the program of the gateways cannot be asked', async () => {
    await using tree = new Tree();
    tree.addProfile('a');
    const checks = await examine(tree, '/nowhere/gateway');
    expect(checks.filter(({ check }) => check.startsWith('port'))).toMatchObject([
      { profile: null, check: 'ports', ok: null, found: expect.stringContaining('ENOENT') },
    ]);
  });
});
