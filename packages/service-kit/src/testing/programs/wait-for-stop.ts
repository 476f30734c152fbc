/** wait-for-stop: says on descriptor 3 that it listens, and on standard output what it is asked, then dies by it. */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { dieBySignal } from '../../die.ts';
import { StopRequest } from '../../stop-request.ts';

const stopRequest = new StopRequest();
const alive = setInterval(() => undefined, 60_000);
writeSync(3, '\n');
const signal = await stopRequest.asked;
writeSync(1, `${signal} ${stopRequest.stopped.aborted}\n`);
await once(stopRequest.hurry, 'abort');
writeSync(1, `${stopRequest.hurry.reason}\n`);
clearInterval(alive);
await dieBySignal(signal);
