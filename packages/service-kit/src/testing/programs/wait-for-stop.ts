/** wait-for-stop: reports on descriptor 3 that it listens and on standard output each signal, then exits by the first. */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { exitBySignal } from '../../exit-by-signal.ts';
import { StopRequest } from '../../stop-request.ts';

const stopRequest = new StopRequest();
const alive = setInterval(() => undefined, 60_000);
writeSync(3, '\n');
const signal = await stopRequest.asked;
writeSync(1, `${signal} ${stopRequest.stopped.aborted}\n`);
await once(stopRequest.forceSignal, 'abort');
writeSync(1, `${stopRequest.forceSignal.reason}\n`);
clearInterval(alive);
await exitBySignal(signal);
