import type { Progress, Sighting } from '@hermes/dashboard-client';
import { visibleJson } from '@hermes/drain-contract';
import type { Outcome } from '../exit.ts';
import { Changes } from './changes.ts';
import type { Reporter, Sink } from './reporter.ts';

/** One document, when all is over. */
export class JsonReporter implements Reporter {
  readonly #out: Sink;
  readonly #command: string;

  constructor(out: Sink, command: string) {
    this.#out = out;
    this.#command = command;
  }

  note(): void {}

  progress(): void {}

  lost(): void {}

  pause(): void {}

  finish(outcome: Outcome): void {
    this.#out.write(`${visibleJson(document(this.#command, outcome), 2)}\n`);
  }
}

/** One document a line for all that happens; the last one has the event `result`. */
export class NdjsonReporter implements Reporter {
  readonly #out: Sink;
  readonly #command: string;
  readonly #changes: Changes;
  #isLost = false;

  constructor(out: Sink, command: string, heartbeat: number) {
    this.#out = out;
    this.#command = command;
    this.#changes = new Changes(heartbeat);
  }

  note(event: string, text: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.#write(event, { message: text, ...data });
  }

  progress(sighting: Sighting, { judgement, deadlineAt }: Progress): void {
    if (this.#isLost) this.#write('reachable', {});
    this.#isLost = false;
    const kind = this.#changes.kind(sighting, performance.now());
    if (!kind) return;
    const deadline_at = deadlineAt === undefined ? null : new Date(deadlineAt).toISOString();
    this.#write(kind, { judgement: judgement ?? null, deadline_at, drain: sighting.drain, status: sighting.status });
  }

  lost(error: Error): void {
    if (this.#isLost && !this.#changes.isDue(performance.now())) return;
    this.#isLost = true;
    this.#changes.reported(performance.now());
    this.#write('unreachable', { message: error.message });
  }

  pause(): void {}

  finish(outcome: Outcome): void {
    this.#write('result', document(this.#command, outcome));
  }

  #write(event: string, data: Readonly<Record<string, unknown>>): void {
    this.#out.write(`${visibleJson({ event, at: new Date().toISOString(), ...data })}\n`);
  }
}

function document(command: string, { result, exit, text, data }: Outcome): Record<string, unknown> {
  return { command, result, exit_code: exit, message: text.join('\n'), ...data };
}
