import type { Browser } from 'playwright-core';
import { afterAll } from 'vitest';
import { launchBrowser, OpenPage } from './browser.ts';

/** One browser for the pages of a test file, because its start takes seconds. Closed after the last test. */
export class SharedBrowser {
  #browser: Browser | undefined;

  constructor() {
    afterAll(() => this.#browser?.close());
  }

  async open(width: number): Promise<OpenPage> {
    if (!this.#browser?.isConnected()) this.#browser = await launchBrowser();
    return OpenPage.open(width, this.#browser);
  }
}
