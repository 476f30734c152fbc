import type { Page } from 'playwright-core';

const PATIENCE = { timeout: 120_000 };

const PLACES = {
  said: '.said',
  fate: '.fate',
  answer: '.answer',
  outcome: '.outcome',
  banner: '.banners .notice',
  told: '.told',
  link: '.link',
  alert: '[role="alert"]',
  sessions: '#sessions a',
  title: 'h1',
} as const;

/** What a person does on the chat page, in their words. */
export class Chatter {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    page.setDefaultTimeout(PATIENCE.timeout);
  }

  async follow(link: string): Promise<void> {
    await this.#page.goto(link);
  }

  async logIn(key: string): Promise<void> {
    await this.#page.getByLabel('API key').fill(key);
    await this.press('Log in');
  }

  /** Waits until the last of that kind has this text. */
  async sees(place: keyof typeof PLACES, text: string | RegExp): Promise<void> {
    await this.#page.locator(`${PLACES[place]} >> nth=-1`).filter({ hasText: text }).waitFor(PATIENCE);
  }

  /** Waits until there is none of that kind. */
  async seesNo(place: keyof typeof PLACES): Promise<void> {
    await this.#page
      .locator(PLACES[place])
      .first()
      .waitFor({ ...PATIENCE, state: 'detached' });
  }

  /** The texts of that kind. */
  async all(place: keyof typeof PLACES): Promise<string[]> {
    return this.#page.locator(PLACES[place]).allInnerTexts();
  }

  /** Writes a message and sends it with Enter. */
  async say(text: string): Promise<void> {
    await this.#page.getByLabel('Message', { exact: true }).fill(text);
    await this.#page.keyboard.press('Enter');
  }

  async press(button: string): Promise<void> {
    await this.#page.getByRole('button', { name: button, exact: true }).click();
  }

  /** Presses the tab key until the focus is on what is called so. */
  async tabTo(name: string): Promise<void> {
    const passed: string[] = [];
    while (passed.length < 40) {
      const focused = await this.#page.evaluate<string>(
        '(document.activeElement.ariaLabel ?? (document.activeElement.labels?.[0] ?? document.activeElement).textContent).slice(0, 100)',
      );
      if (focused === name) return;
      passed.push(focused.slice(0, 20));
      await this.#page.keyboard.press('Tab');
    }
    throw new Error(`The tab key never comes to ${name}, only to: ${passed.join(' | ')}`);
  }
}
