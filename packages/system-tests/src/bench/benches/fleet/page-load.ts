import type { Page } from 'playwright-core';
import { OpenPage } from '../../../live/browser.ts';
import type { FleetDashboard } from './fleet-dashboard.ts';

/** A browser that has nothing of the page in its caches, but has shown one like it. */
export class ColdPages implements AsyncDisposable {
  readonly #warm: OpenPage;

  private constructor(warm: OpenPage) {
    this.#warm = warm;
  }

  /** @param other a dashboard at another address, whose page is shown so that the browser has started in earnest. */
  static async open(other: FleetDashboard): Promise<ColdPages> {
    const pages = new ColdPages(await OpenPage.open(1_280));
    await pages.load(other, '[data-profile]');
    return pages;
  }

  /** Ms until the page shows the element, the first time and when it is loaded anew. */
  async load({ dashboard }: FleetDashboard, selector: string): Promise<{ first: number; again: number }> {
    const context = await this.#warm.page
      .context()
      .browser()
      ?.newContext({ viewport: { width: 1_280, height: 800 } });
    if (context === undefined) throw new Error('the browser is gone');
    try {
      const page = await context.newPage();
      const first = await timed(page, selector, () => page.goto(dashboard.link));
      const again = await timed(page, selector, () => page.reload());
      return { first, again };
    } finally {
      await context.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#warm[Symbol.asyncDispose]();
  }
}

async function timed(page: Page, selector: string, navigate: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await navigate();
  await page.locator(selector).first().waitFor({ state: 'attached' });
  // What is in the document is seen after the next frame.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  return performance.now() - start;
}
