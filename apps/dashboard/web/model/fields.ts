import { visibleText } from '@hermes/drain-contract';

/** Reads fields of JSON that nobody has checked: what is missing or of another type is `null`. */
export class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    this.#fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  }

  /** To be shown: nothing in it hides or reorders other text. */
  text(name: string): string | null {
    const value = this.exact(name);
    return value === null ? null : visibleText(value);
  }

  /** As it came, to be compared or sent back. */
  exact(name: string): string | null {
    const value = this.#fields[name];
    return typeof value === 'string' ? value : null;
  }

  number(name: string): number | null {
    const value = this.#fields[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  }

  /** Only a definite `true` counts. */
  isTrue(name: string): boolean {
    return this.#fields[name] === true;
  }

  /** An ISO 8601 time, as Unix ms. */
  time(name: string): number | null {
    const time = Date.parse(this.exact(name) ?? '');
    return Number.isNaN(time) ? null : time;
  }

  object(name: string): Fields | null {
    const value = this.#fields[name];
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Fields(value) : null;
  }

  list(name: string): readonly unknown[] {
    const value = this.#fields[name];
    return Array.isArray(value) ? value : [];
  }
}
