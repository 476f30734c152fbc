/** without-descriptors HOME EMPTY_HOME SPARES: uses up all descriptors and prints what the contract makes of both homes. */
import { closeSync, openSync } from 'node:fs';
import {
  type ContractError,
  clearDrainRequest,
  drainNotificationSuppressed,
  drainRequested,
  holdSpareDescriptors,
  observeGateway,
  readDrainVerdict,
  writeDrainRequest,
  writeGatewayState,
} from '../../index.ts';
import { gatewayState } from '../gateway-states.ts';

const [home = '', emptyHome = '', spares = '0'] = process.argv.slice(2);
const seen: unknown[] = [];
const taken: number[] = [];
const outcome = (task: Promise<unknown>) => task.then(() => 'done').catch((error: ContractError) => error.code);

// What is done once has its files open already, and what is printed has its pipe.
await writeGatewayState(gatewayState(), { home: emptyHome });
observeGateway({ home });
process.stdout.write('');
using _spares = holdSpareDescriptors(Number(spares));
try {
  for (;;) taken.push(openSync('/dev/null', 'r'));
} catch (error) {
  seen.push((error as NodeJS.ErrnoException).code);
}
const look = () => {
  const { active, reason, code = '' } = { code: undefined, ...readDrainVerdict({ home, epoch: 'e' }) };
  return `${active} ${reason} ${code}`.trimEnd();
};
// Twice: a spare that was given up must have been taken back.
for (let round = 0; round < 2; round += 1) {
  seen.push(look(), drainRequested({ home, epoch: 'e' }), drainNotificationSuppressed({ home, epoch: 'e' }));
  seen.push(drainRequested({ home: emptyHome }), observeGateway({ home }).unavailable ?? 'seen');
  seen.push(await outcome(writeDrainRequest({ home, epoch: 'e', principal: 'refresher' })));
  seen.push(await outcome(writeDrainRequest({ home, principal: 'refresher' })));
  seen.push(await outcome(clearDrainRequest({ home, requestId: 'another' })));
  seen.push(await outcome(writeGatewayState(gatewayState({ epoch: 'e' }), { home })));
}
for (const file of taken) closeSync(file);
seen.push(look());
console.log(JSON.stringify(seen));
