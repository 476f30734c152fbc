import { testRollingRestart } from './roll.ts';

testRollingRestart([
  { balancer: 'naive', isSticky: true, size: [30, 300] },
  { balancer: 'naive', isSticky: false, size: [30, 300] },
]);
