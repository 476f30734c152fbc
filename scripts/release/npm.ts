import { EXIT, Refusal } from './refusal.ts';
import { type Ended, run, tail } from './run.ts';

const LOOK_MS = 90_000;
const PUBLISH_MS = 300_000;
/** How long npm waits for an answer; it does not ask again. */
const ANSWER_MS = 20_000;

/**
 * npm with one registry only: every setting that names one is given on its command line, which wins over all files and
 * over the environment. It reads the rest (credentials, certificates, proxies) as always.
 */
export class Npm {
  readonly registry: string;
  readonly #root: string;
  readonly #scope: string;

  constructor(root: string, scope: string, registry: string) {
    this.#root = root;
    this.#scope = scope;
    this.registry = registry;
  }

  /**
   * The integrity of a version in the registry.
   * @returns undefined when the registry does not have that version
   * @throws {Refusal} the registry does not answer, or not with one or the other
   */
  integrityOf(name: string, version: string): string | undefined {
    const versions = this.#view(name, 'versions');
    if (![versions].flat().includes(version)) return undefined;
    const integrity = this.#view(`${name}@${version}`, 'dist.integrity');
    if (typeof integrity === 'string') return integrity;
    throw this.#noAnswer(name, `no integrity of ${name}@${version}: ${JSON.stringify(integrity)}`);
  }

  /** Sends this file as it is. @returns whether npm succeeded, and what it said otherwise. */
  publish(file: string, version: string): { readonly isDone: boolean; readonly said: string } {
    // npm wants a tag for a prerelease, so that it does not become the latest version.
    const tag = version.includes('-') ? ['--tag=next'] : [];
    const ended = this.#npm(['publish', file, '--ignore-scripts', ...tag], PUBLISH_MS);
    return { isDone: ended.status === 0, said: tail(ended) };
  }

  #view(what: string, field: string): unknown {
    const ended = this.#npm(['view', what, field, '--json'], LOOK_MS);
    const answer = parsed(ended.stdout);
    if (ended.status === 0 && answer !== undefined) return answer;
    if (codeOf(answer) === 'E404') return undefined;
    throw this.#noAnswer(what, tail(ended, 8));
  }

  #npm(words: readonly string[], timeoutMs: number): Ended {
    const only = [`--registry=${this.registry}`, `--${this.#scope}:registry=${this.registry}`];
    const bounds = [`--fetch-timeout=${ANSWER_MS}`, '--fetch-retries=0'];
    const quiet = ['--no-update-notifier', '--loglevel=error', '--workspaces=false'];
    return run('npm', [...words, ...only, ...bounds, ...quiet, '--dry-run=false'], { cwd: this.#root, timeoutMs });
  }

  #noAnswer(what: string, found: string): Refusal {
    return new Refusal(EXIT.registry, {
      expected: `${this.registry} answers what it has of ${what}`,
      found,
      action: `npm ping --registry ${this.registry}; npm whoami --registry ${this.registry}`,
    });
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function codeOf(answer: unknown): unknown {
  const { error } = Object(answer) as { error?: { code?: unknown } };
  return error?.code;
}
