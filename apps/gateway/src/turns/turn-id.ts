import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** Random bytes of an id. */
const BYTES = 16;

// For many ids at once: the call is the expensive part.
const reserve = Buffer.alloc(BYTES * 256);
let used = reserve.length;

/** The last id: its time, and its position in that millisecond. */
let msecs = 0;
let seq = 0;

/** A UUIDv7: globally unique, and sorted after the ids that this process created before. */
export function newTurnId(): string {
  const random = drawBytes();
  const now = Date.now();
  // A clock that is set back must not reverse the order.
  seq = now > msecs ? random.readUInt32BE() >>> 1 : seq + 1;
  msecs = Math.max(now, msecs);
  return uuidv7({ random, msecs, seq });
}

function drawBytes(): Buffer {
  if (used === reserve.length) {
    randomFillSync(reserve);
    used = 0;
  }
  used += BYTES;
  return reserve.subarray(used - BYTES, used);
}
