/** Writes one line. `fields` are for programs, `text` is for people. */
export interface LogLine {
  (text: string): void;
  (fields: object, text: string): void;
}

/** A log. One of pino is such. */
export interface Log {
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
}
