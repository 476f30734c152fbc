/** A table that SQLite and PostgreSQL both have, with the columns that are copied. */
export interface TransferTable {
  readonly name: 'turns' | 'events' | 'deliveries' | 'drain_notices';
  /** Columns of numbers and of text from a fixed set. */
  readonly plain: readonly string[];
  /** Columns of text that may contain any character. */
  readonly texts: readonly string[];
  /** Whether its rows have numbers that must never be given again. */
  readonly isNumbered: boolean;
}

export const TRANSFER_TABLES: readonly TransferTable[] = [
  {
    name: 'turns',
    plain: [
      'seq',
      'kind',
      'conversation',
      'form',
      'status',
      'attempts',
      'accepted_at',
      'started_at',
      'ended_at',
      'agent_group',
    ],
    texts: [
      'id',
      'session',
      'message_id',
      'fingerprint',
      'text',
      'reply',
      'problem',
      'agent_start_time',
      'agent_epoch',
    ],
    isNumbered: true,
  },
  { name: 'events', plain: ['seq', 'type', 'at'], texts: ['session', 'data'], isNumbered: true },
  {
    name: 'deliveries',
    plain: ['seq', 'at', 'attempts', 'next_at', 'expires_at', 'dead_at'],
    texts: ['channel', 'session', 'event', 'error'],
    isNumbered: true,
  },
  { name: 'drain_notices', plain: ['told_at', 'back_at'], texts: ['session', 'drain'], isNumbered: false },
];

/** Rows that are copied at a time; a row can have a text and a reply of a megabyte. */
export const PAGE_ROWS = 100;

/** The number of rows of each table. */
export type TransferCounts = Record<TransferTable['name'], number>;

/** Called after each page with the table and the rows that are copied so far. */
export type OnProgress = (table: TransferTable['name'], rows: number) => void;
