import { clearDrainRequest, isSafeToStop, observeGateway, readDrainVerdict, writeDrainRequest } from '../../index.ts';

const home = process.argv[2];

// Ask the gateway of this home to take no new turns. Asking again refreshes the drain.
const request = await writeDrainRequest({ home, principal: 'ops', reason: 'new image', maxAgeSeconds: 600 });

// Is it safe to stop now? The gateway's own epoch decides whether the marker is meant for it.
const { state, live, epoch } = observeGateway({ home });
const verdict = readDrainVerdict({ home, epoch });
console.log(verdict.active ? `draining for ${verdict.request.reason}` : `not draining: ${verdict.reason}`);
console.log(isSafeToStop(state, live, verdict, Date.now()) ? 'safe to stop' : 'not safe to stop');

// Cancel; a drain that another program has begun meanwhile is not changed.
await clearDrainRequest({ home, requestId: request.request_id });
