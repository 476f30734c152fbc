#!/usr/bin/env node
import { existsSync } from 'node:fs';

const EXIT_CONFIG = 78;
const main = new URL('../dist/hermes-dashboard.js', import.meta.url);
const [major = 0, minor = 0] = process.version.slice(1).split('.').map(Number);

if (major < 22 || (major === 22 && minor < 13)) {
  refuse(`needs Node 22.13 or newer, this is ${process.version}`);
} else if (!existsSync(main)) {
  refuse('not built yet; run `pnpm turbo run build` first');
} else {
  await import(main.href);
}

function refuse(reason) {
  process.stderr.write(`hermes-dashboard: ${reason}\n`);
  process.exitCode = EXIT_CONFIG;
}
