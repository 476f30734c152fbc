import { expect, it } from 'vitest';
import { bwrapArguments, type Sandbox } from './arguments.ts';

const sandbox: Sandbox = {
  hidden: ['/home', '/tmp'],
  masked: ['/etc/key'],
  readable: ['/home/agent'],
  writable: ['/srv/data'],
  workspace: '/opt/data/workspace',
  cwd: '/tmp/workspace',
  network: true,
};

it('hides before it shows, and shows the working directory last', () => {
  const args = bwrapArguments(sandbox).join(' ');
  const order = [
    '--ro-bind / /',
    '--tmpfs /home --tmpfs /tmp',
    '--ro-bind /dev/null /etc/key',
    '--ro-bind /home/agent /home/agent',
    '--bind /srv/data /srv/data',
    '--bind /opt/data/workspace /tmp/workspace --chdir /tmp/workspace',
  ].map((part) => args.indexOf(part));
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

it.each([
  [true, false],
  [false, true],
])('with network %s, unshares it: %s', (network, unshared) => {
  expect(bwrapArguments({ ...sandbox, network }).includes('--unshare-net')).toBe(unshared);
});
