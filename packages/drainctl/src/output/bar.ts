import type { Progress, Sighting } from '@hermes/dashboard-client';
import { visibleText } from '@hermes/drain-contract';
import { formatDuration } from '../settings/duration.ts';
import { describeSighting } from './describe.ts';
import type { Sink } from './reporter.ts';

const WIDTH = 20;
const CLEAR = '\r\u001b[K';
// The terminal cuts what is too wide, so that a name in wide characters never leaves a second line behind.
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';

/** One line at the bottom of a terminal that is painted again and again. */
export class Bar {
  readonly #out: Sink;
  #most = 0;
  #line = '';

  constructor(out: Sink) {
    this.#out = out;
  }

  show(sighting: Sighting, { deadlineAt }: Progress): void {
    const left = sighting.status.active_agents ?? 0;
    this.#most = Math.max(this.#most, left);
    const filled = this.#most === 0 ? WIDTH : Math.round(((this.#most - left) / this.#most) * WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
    const rest = deadlineAt === undefined ? '' : ` · deadline in ${formatDuration(deadlineAt - sighting.at)}`;
    this.#paint(`${bar} ${describeSighting(sighting)}${rest}`);
  }

  say(text: string): void {
    this.#paint(text);
  }

  /** Writes `lines` above. */
  above(lines: string): void {
    if (this.#line === '') {
      this.#out.write(lines);
      return;
    }
    this.#out.write(`${CLEAR}${lines}`);
    this.#paint(this.#line);
  }

  clear(): void {
    if (this.#line !== '') this.#out.write(CLEAR);
    this.#line = '';
  }

  #paint(line: string): void {
    this.#line = line;
    const cut = [...visibleText(line)].slice(0, (this.#out.columns ?? 80) - 1).join('');
    this.#out.write(`${CLEAR}${NO_WRAP}${cut}${WRAP}`);
  }
}
