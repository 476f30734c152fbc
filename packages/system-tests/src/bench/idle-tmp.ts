import { mkdtemp, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Program, startDashboard } from '@hermes/local-stack';
import { plant } from './benches/fleet/planted.ts';
import { usageOf } from './process/usage.ts';

const n = Number(process.argv[2]);
const prof = process.argv[3];
const home = await mkdtemp('/tmp/hermes-bench-');
await plant(home, n);
const env = {
  HERMES_DASHBOARD_PORT: '0',
  HERMES_DASHBOARD_DRAIN_SECRET: undefined,
  NODE_OPTIONS: prof ? '--cpu-prof --cpu-prof-interval=100 --cpu-prof-dir=/tmp/observe-out/idleprof' : undefined,
};
const d = await startDashboard({ home, env, onStderr: (t) => process.stdout.write(t) });
const hb = process.argv[4]
  ? await Program.start({
      name: 'heartbeats',
      script: new URL('benches/fleet/programs/heartbeats.ts', import.meta.url).pathname,
      args: [home, String(n)],
    })
  : undefined;
await delay(12000);
const pid = d.program.pid;
const out = [];
for (let i = 0; i < 3; i++) {
  const b = usageOf(pid);
  const s = performance.now();
  await delay(8000);
  const a = usageOf(pid);
  out.push(`${(((a.cpu - b.cpu) / (performance.now() - s)) * 100).toFixed(3)}% ${a.wakeUps - b.wakeUps} wakeups`);
}
console.log(n, out.join('; '));
await d.program.kill('SIGTERM');
await hb?.kill('SIGKILL');
await rm(home, { recursive: true });
