import { Refusal } from './refusal.ts';

/** Says on stdout what a release does. */
export class Progress {
  readonly #steps: number;
  readonly #isDryRun: boolean;
  #step = 0;
  /** What a release would refuse that the dry run has passed over. */
  readonly refusals: Refusal[] = [];

  constructor(steps: number, isDryRun: boolean) {
    this.#steps = steps;
    this.#isDryRun = isDryRun;
  }

  step(title: string): void {
    this.#step += 1;
    this.#say(`[${this.#step}/${this.#steps}] ${title}`);
  }

  detail(text: string): void {
    this.#say(`  ${text}`);
  }

  /** Runs a check that a dry run passes over, and says that a release would not. @returns undefined then */
  check<T>(look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      if (!this.#isDryRun || !(error instanceof Refusal)) throw error;
      this.refusals.push(error);
      this.#say(`  A release would be refused here (exit code ${error.exitCode}):\n${error.message}`);
      return undefined;
    }
  }

  #say(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}
