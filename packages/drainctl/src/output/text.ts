import type { Progress, Sighting } from '@hermes/dashboard-client';
import { visibleText } from '@hermes/drain-contract';
import { EXIT, type Outcome } from '../exit.ts';
import { Bar } from './bar.ts';
import { Changes } from './changes.ts';
import { describeSighting, localTime } from './describe.ts';
import type { Reporter, Sink } from './reporter.ts';
import { type Style, styleFor } from './style.ts';

export interface TextOptions {
  readonly out: Sink;
  /** Where failures go. */
  readonly err: Sink;
  /** In ms; 0 for none. */
  readonly heartbeat: number;
  /** Whether a line may be painted again and again. */
  readonly live: boolean;
}

/** Lines for people, whatever strangers have written into them; on a terminal with a live one below them. */
export class TextReporter implements Reporter {
  readonly #out: Sink;
  readonly #err: Sink;
  readonly #style: Style;
  readonly #errStyle: Style;
  readonly #bar: Bar | undefined;
  readonly #changes: Changes;
  #isLost = false;

  constructor({ out, err, heartbeat, live }: TextOptions) {
    this.#out = out;
    this.#err = err;
    this.#style = styleFor(out);
    this.#errStyle = styleFor(err);
    this.#bar = live ? new Bar(out) : undefined;
    this.#changes = new Changes(live ? 0 : heartbeat);
  }

  note(_event: string, text: string): void {
    this.#line(visibleText(text));
  }

  progress(sighting: Sighting, progress: Progress): void {
    if (this.#isLost) this.#line('the dashboard answers again');
    this.#isLost = false;
    const kind = this.#changes.kind(sighting, performance.now());
    if (kind === 'change') this.#line(this.#colour(sighting, progress));
    if (kind === 'heartbeat') this.#line(visibleText(`still ${describeSighting(sighting)}`));
    this.#bar?.show(sighting, progress);
  }

  lost(error: Error): void {
    if (!this.#isLost || this.#changes.isDue(performance.now()))
      this.#line(visibleText(`${error.message}; trying again`));
    this.#isLost = true;
    this.#bar?.say('connection lost, trying again …');
  }

  pause(): void {
    this.#bar?.clear();
  }

  finish({ exit, text }: Outcome): void {
    this.#bar?.clear();
    if (text.length === 0) return;
    const lines = text.map((line) => visibleText(line)).join('\n');
    if (exit === EXIT.done) this.#out.write(`${lines}\n`);
    else this.#err.write(`${this.#errStyle.bad('drainctl:')} ${lines}\n`);
  }

  #line(text: string): void {
    const [, time] = localTime(Date.now());
    this.#changes.reported(performance.now());
    const line = `${this.#style.faint(time)} ${text}\n`;
    if (this.#bar) this.#bar.above(line);
    else this.#out.write(line);
  }

  #colour(sighting: Sighting, { judgement }: Progress): string {
    const line = visibleText(describeSighting(sighting));
    if (sighting.drain.safe_to_stop) return this.#style.good(line);
    return judgement === 'stalled'
      ? this.#style.bad(line)
      : sighting.drain.verdict.active
        ? this.#style.busy(line)
        : line;
  }
}
