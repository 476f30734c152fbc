#!/usr/bin/env node
// Committed, so that the package manager can link the command before anything is built. CommonJS, as the package.json
// beside it says: to start one ES module would take longer than what is left of the command's own start.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const main = join(__dirname, '../dist/hermes-s6.cjs');

if (major < 22 || (major === 22 && minor < 13)) {
  fail(`needs Node 22.13 or newer, this is ${process.version}`);
} else if (!existsSync(main)) {
  fail('not built yet; run `pnpm turbo run build` first');
} else {
  require(main);
}

function fail(message) {
  process.stderr.write(`hermes-s6: ${message}\n`);
  process.exitCode = 78;
}
