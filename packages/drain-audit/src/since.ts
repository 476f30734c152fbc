import { type ChainFault, faultSince, firstEntry, lastEntry, linesFromEnd, parseEntry } from './chain.ts';
import type { AuditEntry, ChainEnd } from './entry.ts';
import { auditPaths, hasAllOlderFiles, readAuditFile, readRotatedOut } from './files.ts';
import { inSlices } from './slices.ts';

/**
 * What happened to the chain in the files since `known` was written as one of its entries; `undefined` for nothing.
 * @throws ContractError when a file cannot be read.
 */
export async function readFaultSince(home: string, known: ChainEnd): Promise<ChainFault | undefined> {
  const step = inSlices();
  const newestFirst: AuditEntry[] = [];
  for (const path of auditPaths(home).reverse()) {
    for (const line of linesFromEnd((await readAuditFile(path)) ?? '')) {
      await step();
      if (line === '') continue;
      const entry = parseEntry(line);
      if (!entry) return { at: known.seq + 1, detail: 'a line is no entry' };
      newestFirst.push(entry);
      if (entry.seq <= known.seq) return faultSince(known, newestFirst.reverse());
    }
  }
  const [last] = newestFirst;
  // Another dashboard may have written so much since that rotation has removed it.
  if (last && (await oldestOf(home, last)) > known.seq && (await hasAllOlderFiles(home))) return undefined;
  return { at: known.oldest ?? 1, detail: `entry ${known.seq} and those before it were removed` };
}

/** The number of the oldest entry that must be in the files when `last` is the last one. */
export async function oldestOf(home: string, last: ChainEnd): Promise<number> {
  if (last.oldest !== undefined) return last.oldest;
  // Entries of earlier releases do not say it.
  const [oldest = ''] = auditPaths(home);
  const first = (await hasAllOlderFiles(home)) ? firstEntry((await readAuditFile(oldest)) ?? '') : undefined;
  return first?.seq ?? 1;
}

/** As {@link oldestOf}, once the files have been rotated. What others have removed before does not count as rotated. */
export async function oldestOnceRotated(home: string, last: ChainEnd): Promise<number> {
  const oldest = await oldestOf(home, last);
  const text = (await readRotatedOut(home)) ?? '';
  const [from, to] = [firstEntry(text), lastEntry(text)];
  return from && to && from.seq <= oldest ? Math.max(oldest, to.seq + 1) : oldest;
}
