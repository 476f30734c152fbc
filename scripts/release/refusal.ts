/** Exit codes of `npm run release`; docs/develop/releases.md lists them for its readers. */
export const EXIT = {
  released: 0,
  /** A check, the build, packing, or a tarball failed. Nothing was published. */
  checks: 1,
  usage: 2,
  /** This commit cannot be released as it is, or its version has been released from another one. Nothing was published. */
  repository: 65,
  /** The registry does not answer, or refuses the first package. Nothing was published. */
  registry: 69,
  /** Some of it may be published already. The same command resumes. */
  incomplete: 75,
  /** No registry is configured, or not exactly one, or one that needs an option. Nothing was published. */
  configuration: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a person reads who has to do something before the release can continue. */
export interface Reason {
  readonly expected: string;
  readonly found: string;
  /** What to do now, as commands where possible. */
  readonly action: string;
}

/** The release stops here. */
export class Refusal extends Error {
  readonly exitCode: ExitCode;
  readonly #reason: Reason;

  constructor(exitCode: ExitCode, reason: Reason) {
    const { expected, found, action } = reason;
    super(`  expected: ${indented(expected)}\n  found:    ${indented(found)}\n  do:       ${indented(action)}`);
    this.name = 'Refusal';
    this.exitCode = exitCode;
    this.#reason = reason;
  }

  /** The same with another exit code. */
  as(exitCode: ExitCode): Refusal {
    return new Refusal(exitCode, this.#reason);
  }
}

function indented(text: string): string {
  return text.trim().replaceAll('\n', '\n            ');
}
