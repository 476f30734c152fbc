/** Writes one line. `fields` are for programs, `text` is for people. */
export interface LogLine {
  (text: string): void;
  (fields: object, text: string): void;
}

/** A log, such as one of pino. */
export interface Log {
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
}
