import type { Mount } from '@hermes/drain-contract';
import { expect, it } from 'vitest';
import { mountedFiles } from './mounted-files.ts';

const at = (mountPoint: string): Mount => ({
  ...{ id: '2', parent: '1', root: '/x', type: 'ext4', source: '/dev/vda1', options: new Set(['rw']) },
  mountPoint,
});

it.each([
  ...['gateway_state.json', 'desired_state.json', '.drain_request.json', 'gateway.db', 'gateway.db-wal'],
  ...['.dashboard.sock', 'logs/drain-audit.jsonl', 'logs/drain-audit.jsonl.3', 'logs/container-boot.log'],
  'logs/gateways/support/current',
])('%s of a home must not be a mount of its own', (name) => {
  const mount = at(`/opt/data/${name}`);
  expect(mountedFiles('/opt/data', [at('/opt/data'), mount])).toEqual([mount]);
  expect(mountedFiles('/opt', [mount])).toEqual([]);
});

it.each([
  'config.yaml',
  'SOUL.md',
  'profiles',
  'logs',
  'profiles/a',
  'gateway_state.json.d',
  'x/gateway.db',
  'logs/gateways/a',
])('%s of a home may be one', (name) => expect(mountedFiles('/opt/data', [at(`/opt/data/${name}`)])).toEqual([]));

it('is found where the home is the root directory, too', () => {
  expect(mountedFiles('/', [at('/gateway.db')])).toHaveLength(1);
});
