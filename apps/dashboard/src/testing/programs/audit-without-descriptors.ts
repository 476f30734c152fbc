/**
 * audit-without-descriptors HOME MOST: has two dashboards write the audit of HOME in turn, the second one with 0, 1, 2 and
 * so on up to MOST descriptors left. Prints how many entries it wrote, how often the audit was found broken, and what was
 * thrown where it could not be looked at.
 */

import { closeSync, openSync } from 'node:fs';
import { AuditLog } from '@hermes/drain-audit';
import { createLogger } from '@hermes/service-kit';
import { verifyAudit } from '../../audit/read.ts';
import { RECORD } from '../audit-records.ts';

const [home = '', most = '0'] = process.argv.slice(2);
const logger = createLogger('test', 'silent');
const [other, log] = [new AuditLog(home, logger), new AuditLog(home, logger)];
let written = 0;
log.onEntry = (_record, isWritten) => {
  written += Number(isWritten);
};
let broken = 0;
const thrown = new Set<string>();

/** Uses up all descriptors but `left`. @returns those that it took. */
function exhaust(left: number): number[] {
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'));
  } catch {
    for (const file of taken.splice(0, left)) closeSync(file);
    return taken;
  }
}

await log.record(RECORD);
for (let left = 0; left <= Number(most); left += 1) {
  await other.record(RECORD);
  const taken = exhaust(left);
  const known = log.last;
  await log.record(RECORD);
  await verifyAudit(home, known).then(
    ({ ok }) => {
      broken += Number(!ok);
    },
    (error) => thrown.add(error.code),
  );
  for (const file of taken) closeSync(file);
}
console.log(JSON.stringify({ written, broken, isBroken: log.isBroken, thrown: [...thrown] }));
