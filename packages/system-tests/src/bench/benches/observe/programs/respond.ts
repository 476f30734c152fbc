/** `respond HOME HOW`: the least that a program can do to say in the state file of HOME whether there is a marker. */
import { existsSync, renameSync, watch, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { HowToRespond } from '../responder.ts';

const [home = '', how] = process.argv.slice(2) as [string, HowToRespond];
const marker = join(home, '.drain_request.json');
const temporary = join(home, 'state.tmp');
const published = join(home, 'gateway_state.json');

let last: string | undefined;

function answer(): void {
  const state = existsSync(marker) ? 'draining' : 'running';
  if (state === last) return;
  last = state;
  writeFileSync(temporary, JSON.stringify({ gateway_state: state }), { flush: how === 'watch, synced' });
  renameSync(temporary, published);
}

if (how === 'poll') setInterval(answer, 1_000);
else {
  watch(home, (_event, name) => {
    if (name === '.drain_request.json') answer();
  });
}
answer();
writeSync(Number(process.env['HERMES_NOTIFY_FD']), '\n');
