/** The position of an event; a new journal starts the numbers again. */
export interface EventId {
  /** The id of the journal; `undefined` if the reader does not send it. */
  readonly journal: string | undefined;
  /** 0 is before the first event of any journal. */
  readonly seq: number;
}

export function formatEventId({ journal, seq }: EventId): string {
  return journal === undefined ? String(seq) : `${journal}-${seq}`;
}

/** @returns `undefined` for an invalid id. */
export function parseEventId(text: string): EventId | undefined {
  const [, journal, seq] = /^(?:([0-9a-f]{12})-)?(\d{1,15})$/.exec(text) ?? [];
  return seq === undefined ? undefined : { journal, seq: Number(seq) };
}
