/** The place of an event: numbers begin again in another journal. */
export interface EventId {
  /** Of the journal; `undefined` where the reader does not say. */
  readonly journal: string | undefined;
  /** 0 is before the first event of any journal. */
  readonly seq: number;
}

export function formatEventId({ journal, seq }: EventId): string {
  return journal === undefined ? String(seq) : `${journal}-${seq}`;
}

/** @returns `undefined` where it is none. */
export function parseEventId(text: string): EventId | undefined {
  const [, journal, seq] = /^(?:([0-9a-f]{12})-)?(\d{1,15})$/.exec(text) ?? [];
  return seq === undefined ? undefined : { journal, seq: Number(seq) };
}
