import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** Bytes of randomness that go into an id. */
const BYTES = 16;

// For many ids at once: what costs is the asking.
const reserve = Buffer.alloc(BYTES * 256);
let used = reserve.length;

/** Of the last id: its time, and its place within that millisecond. */
let msecs = 0;
let seq = 0;

/** A UUIDv7: nobody else has it, and it sorts behind those that this process made before. */
export function newTurnId(): string {
  const random = drawBytes();
  const now = Date.now();
  // A clock that was set back must not set the order back.
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
