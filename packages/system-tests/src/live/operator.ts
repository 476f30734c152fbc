import type { Locator, Page } from 'playwright-core';

const PATIENCE = { timeout: 120_000 };

const PLACES = {
  state: '#state',
  verdict: '.verdict',
  turns: 'section[aria-labelledby="turns-heading"]',
  drain: 'section[aria-labelledby="drain-heading"]',
  requests: 'section[aria-labelledby="history-heading"]',
  link: '.link',
  alert: '[role="alert"]',
  selection: '.selection [role="status"]',
  origin: '.origin',
  hint: '.hint',
  dialog: 'dialog',
  hidden: '#detail .notice',
  notice: '[role="status"] .notice',
} as const;

/** What a person does on the page, in their words. */
export class Operator {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    page.setDefaultTimeout(PATIENCE.timeout);
  }

  async follow(link: string): Promise<void> {
    await this.#page.goto(link);
  }

  /** Waits until it can be read at that place. */
  async sees(place: keyof typeof PLACES, text: string | RegExp): Promise<void> {
    await this.#page.locator(PLACES[place], { hasText: text }).first().waitFor(PATIENCE);
  }

  async logIn(secret: string): Promise<void> {
    await this.#page.getByLabel('Secret').fill(secret);
    await this.press('Log in');
  }

  async press(button: string): Promise<void> {
    await this.#button(button).click();
  }

  async drain({ reason, quiet = false }: { reason: string; quiet?: boolean }): Promise<void> {
    await this.press('Drain…');
    const dialog = this.#page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill(reason);
    if (quiet) await dialog.getByLabel(/^Quiet/).check();
    await dialog.getByRole('button', { name: 'Drain', exact: true }).click();
  }

  /** Presses the tab key until the focus is on what is called so, or begins so. */
  async tabTo(name: string): Promise<void> {
    const passed: string[] = [];
    while (passed.length < 60) {
      await this.#page.keyboard.press('Tab');
      const focused = await this.focused();
      if (focused.startsWith(name)) return;
      passed.push(focused.slice(0, 20));
    }
    throw new Error(`The tab key never comes to ${name}, only to: ${passed.join(' | ')}`);
  }

  /** The text, or the label, of what has the focus. */
  async focused(): Promise<string> {
    return this.#page.evaluate<string>(
      '(document.activeElement.labels?.[0] ?? document.activeElement).textContent.slice(0, 200)',
    );
  }

  #button(name: string): Locator {
    return this.#page.getByRole('button', { name, exact: true });
  }
}
