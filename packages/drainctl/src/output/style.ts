import { styleText } from 'node:util';
import type { Sink } from './reporter.ts';

/** Colours for words; all of them do nothing where there is no terminal or `NO_COLOR` is set. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  busy(text: string): string;
  faint(text: string): string;
}

export function styleFor(sink: Sink & { hasColors?: () => boolean }): Style {
  const colours = sink.isTTY === true && sink.hasColors?.() === true;
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colours ? styleText(format, text, { validateStream: false }) : text;
  return { good: paint('green'), bad: paint('red'), busy: paint('yellow'), faint: paint('dim') };
}
