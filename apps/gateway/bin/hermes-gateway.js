#!/usr/bin/env node
// Committed, so that the package manager can link the command before anything is built.
import { existsSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/hermes-gateway.js', import.meta.url);

if (major < 22 || (major === 22 && minor < 13)) {
  fail(`needs Node 22.13 or newer, this is ${process.version}`);
} else if (!existsSync(main)) {
  fail('not built yet; run `pnpm turbo run build` first');
} else {
  await import(main.href);
}

function fail(message) {
  process.stderr.write(`hermes-gateway: ${message}\n`);
  process.exitCode = 78;
}
