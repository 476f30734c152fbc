import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const CHROMIUM = '/usr/bin/chromium';

/** Why there is no browser, if there is none. */
export const NO_BROWSER = existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is missing (apt-get install chromium)`;

const QUIET = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

/** A page with cookies and a storage of its own, closed when disposed. Every problem that the page reports is kept. */
export class OpenPage implements AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions. */
  readonly complaints: string[] = [];
  /** Every URL that was asked for. */
  readonly requested: string[] = [];
  readonly #owned: { close(): Promise<void> };

  private constructor(page: Page, owned: { close(): Promise<void> }) {
    this.page = page;
    this.#owned = owned;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => this.requested.push(request.url()));
  }

  /** @param shared where the page is opened. Default: a browser of its own, closed with the page. */
  static async open(width: number, shared?: Browser): Promise<OpenPage> {
    const browser = shared ?? (await launchBrowser());
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    return new OpenPage(page, shared ? page.context() : browser);
  }

  /** What axe finds, each with the elements that it is about. */
  async violations(): Promise<string[]> {
    // The policy of the page forbids a script element; the debugger may evaluate.
    if (!(await this.page.evaluate('"axe" in globalThis'))) await this.page.evaluate(await readFile(AXE, 'utf8'));
    return this.page.evaluate<string[]>(`axe.run().then(({ violations }) => violations.map(
      ({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary).join('; ')))`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.close();
  }
}
