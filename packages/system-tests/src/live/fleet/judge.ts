import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Clients, Message } from './clients.ts';
import type { Database } from './database.ts';
import { SCHEMA } from './gateways.ts';
import { answerTo, type Observer } from './observer.ts';
import { type CutOff, outOfOrder, overlaps, type StoredTurn, wrongAnswers } from './verdict.pure.ts';

/** Faults of a kind in the message of a failed test; all are in the file that it names. */
const SHOWN = 5;

/** Those who saw what happened. */
export interface Witnesses {
  readonly clients: Clients;
  readonly database: Database;
  readonly observer: Observer;
  /** Of the gateways. */
  readonly logs: readonly { readonly name: string; readonly log: string }[];
}

/** Ends the load, and compares what the observer, the clients and the database say. */
export async function judge(witnesses: Witnesses, cutOff: readonly CutOff[] = []): Promise<readonly Message[]> {
  const { clients, database, observer } = witnesses;
  const unfinished = await clients.finish().catch((error: unknown) => [String(error).slice(0, 1_000)]);
  const stored = await database.query<StoredTurn>(
    `select message_id, session, status, attempts, reply from ${SCHEMA}.turns`,
  );
  const { messages } = clients;
  const verdict = {
    unfinished,
    wrong: wrongAnswers(messages, stored, answerTo),
    overlaps: overlaps(observer.runs, cutOff),
    outOfOrder: outOfOrder(observer.runs),
    errors: messages.flatMap(({ errors }) => errors),
  };
  const found = Object.entries(verdict)
    .filter(([, faults]) => faults !== undefined && faults.length > 0)
    .map(([what, faults]) => [what, faults?.slice(0, SHOWN)] as const);
  if (found.length > 0) console.error(`the observer's log and those of the gateways: ${save(witnesses)}`);
  expect(Object.fromEntries(found)).toEqual({});
  return messages;
}

function save({ clients, observer, logs }: Witnesses): string {
  const path = join(tmpdir(), `hermes-fleet-${Date.now()}.json`);
  const messages = clients.messages.map((message) => ({
    ...message,
    turnIds: [...message.turnIds],
    replies: [...message.replies],
  }));
  writeFileSync(path, JSON.stringify({ runs: observer.runs, messages, logs }, null, 1));
  return path;
}
