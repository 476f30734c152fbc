import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `Serves the documentation as a site on this machine, and reloads it at each change of a page.

Usage: npm run docs
       npm run docs -- --port 8000

Exit codes: 0 stopped by Ctrl-C, 1 it could not be served; the reason is above
`;

const DOCS = resolve('docs');
const VITEPRESS = resolve(DOCS, 'node_modules', 'vitepress', 'bin', 'vitepress.js');

const { values } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' }, port: { type: 'string', default: '5173' } },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = await serve(values.port);

async function serve(port: string): Promise<number> {
  const args = [VITEPRESS, 'dev', DOCS, '--host', '127.0.0.1', '--port', port];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      isStopping = true;
      child.kill(signal);
    });
  }
  const [code] = await once(child, 'exit');
  return isStopping || code === 0 ? 0 : 1;
}
