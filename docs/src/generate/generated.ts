import type { GeneratedPage } from '../pages.ts';
import { DocsStack } from '../stack.ts';
import { configurationPage } from './configuration.ts';
import { dashboardHttpPage } from './dashboard-http.ts';
import { drainctlPage } from './drainctl.ts';
import { helpPage } from './help.ts';
import { metricsPage } from './metrics.ts';
import { platformsPage } from './platforms.ts';
import { problemCodesPage } from './problem-codes.ts';

/** What each generated page has to be now. Runs the built programs. */
export async function generatedPages(): Promise<Record<GeneratedPage, string>> {
  await using stack = await DocsStack.start();
  return {
    'docs/platforms.md': platformsPage(),
    'docs/reference/configuration.md': configurationPage(),
    'docs/reference/dashboard-http.md': dashboardHttpPage(),
    'docs/reference/drainctl.md': drainctlPage(),
    'docs/reference/hermes-dashboard.md': helpPage('hermes-dashboard'),
    'docs/reference/hermes-gateway.md': helpPage('hermes-gateway'),
    'docs/reference/hermes-s6.md': helpPage('hermes-s6'),
    'docs/reference/metrics.md': metricsPage(await stack.metrics()),
    'docs/reference/problem-codes.md': problemCodesPage(),
  };
}
