import { drives } from '../../platforms/drives.ts';
import { testRollingRestart } from './roll.ts';

drives('proxies', 'three gateways behind HAProxy in a rolling restart, with 150 clients', { HAProxy: 'haproxy -v' });

testRollingRestart([
  { balancer: 'HAProxy', isSticky: true, size: [30, 300] },
  { balancer: 'HAProxy', isSticky: false, size: [150, 2_000] },
]);
