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
const told: unknown[] = [];
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
  told.push((error as NodeJS.ErrnoException).code);
}
const look = () => {
  const { active, reason, code = '' } = { code: undefined, ...readDrainVerdict({ home, epoch: 'e' }) };
  return `${active} ${reason} ${code}`.trimEnd();
};
// Twice: a spare that was given up must have been taken back.
for (let round = 0; round < 2; round += 1) {
  told.push(look(), drainRequested({ home, epoch: 'e' }), drainNotificationSuppressed({ home, epoch: 'e' }));
  told.push(drainRequested({ home: emptyHome }), observeGateway({ home }).unavailable ?? 'seen');
  told.push(await outcome(writeDrainRequest({ home, epoch: 'e', principal: 'refresher' })));
  told.push(await outcome(writeDrainRequest({ home, principal: 'refresher' })));
  told.push(await outcome(clearDrainRequest({ home, requestId: 'another' })));
  told.push(await outcome(writeGatewayState(gatewayState({ epoch: 'e' }), { home })));
}
for (const file of taken) closeSync(file);
told.push(look());
console.log(JSON.stringify(told));
