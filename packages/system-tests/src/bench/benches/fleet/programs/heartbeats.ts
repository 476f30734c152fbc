/** `heartbeats HOME COUNT`: keeps the state files of so many gateways fresh, one after the other, each as often as its own would. */
import { renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { formatIsoDateTime, gatewayStatePath, HEARTBEAT_INTERVAL_MS } from '@hermes/drain-contract';
import { gatewayState } from '../../../../live/gateway-state.ts';
import { nameOf } from '../planted.ts';

const [root = '', count = ''] = process.argv.slice(2);
const startedAt = formatIsoDateTime(Date.now());
let next = 0;

setInterval(() => {
  const home = join(root, 'profiles', nameOf(next));
  const temporary = join(home, '.state.tmp');
  writeFileSync(temporary, JSON.stringify(gatewayState({ pid: process.pid, started_at: startedAt })));
  renameSync(temporary, gatewayStatePath({ home }));
  next = (next + 1) % Number(count);
}, HEARTBEAT_INTERVAL_MS / Number(count));
writeSync(Number(process.env['HERMES_NOTIFY_FD']), '\n');
