import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lacking, runs, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
/** The one that Debian's packages belong to. */
const PYTHON = '/usr/bin/python3';
const isLacking = lacking(
  `${PYTHON} with Debian's python3-build, python3-setuptools, python3-wheel and python3-pip, to build the wheel`,
  runs(PYTHON, '-c', 'import build, setuptools, wheel, pip'),
);

/** Uses the gate as an installed module, and prints what came of it as JSON. */
const PROGRAM = `
import json, os, sys
from importlib.metadata import version
import hermes_gate

home = sys.argv[1]
with hermes_gate.Gate(home) as gate:
    with gate.admit("anna"):
        in_flight = gate.active
    with open(os.path.join(home, hermes_gate.MARKER), "w") as marker:
        marker.write("{}")
    try:
        gate.admit("ben")
    except hermes_gate.Refused as refusal:
        reason = refusal.reason
print(json.dumps({"file": hermes_gate.__file__, "version": version("hermes-gate"), "in_flight": in_flight, "reason": reason}))
`;

function python(cwd: string, args: readonly string[], env: Record<string, string> = {}): string {
  const { status, stdout, stderr } = spawnSync(PYTHON, args, {
    cwd,
    encoding: 'utf8',
    timeout: 120_000,
    // Whatever looks for a package on the network fails.
    env: { ...process.env, PIP_NO_INDEX: '1', https_proxy: 'http://127.0.0.1:9', ...env },
  });
  if (status !== 0) throw new Error(`python3 ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

describe.skipIf(isLacking)('the wheel of the gate for Python', () => {
  it('is built without a network, has the version of the npm package and one module, and works where it is installed', () => {
    const directory = temporaryDirectory();
    const { version, files } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
    mkdirSync(join(directory, 'python'));
    // What the npm package contains is enough.
    for (const file of ['package.json', ...files.filter((name: string) => name.startsWith('python/'))]) {
      copyFileSync(join(PACKAGE, file), join(directory, file));
    }
    python(directory, ['-m', 'build', '--wheel', '--no-isolation', '--outdir', 'wheels', 'python']);
    const name = `hermes_gate-${version}-py3-none-any.whl`;
    expect(readdirSync(join(directory, 'wheels'))).toEqual([name]);

    const target = join(directory, 'target');
    const options = ['--no-index', '--no-deps', '--no-cache-dir', '--no-compile', '--root-user-action=ignore'];
    python(directory, ['-m', 'pip', 'install', ...options, '--target', target, join('wheels', name)]);
    expect(readdirSync(target).toSorted()).toEqual([`hermes_gate-${version}.dist-info`, 'hermes_gate.py']);

    mkdirSync(join(directory, 'home'));
    const printed = python(directory, ['-B', '-c', PROGRAM, join(directory, 'home')], { PYTHONPATH: target });
    expect(JSON.parse(printed)).toEqual({
      file: join(target, 'hermes_gate.py'),
      version,
      in_flight: 1,
      reason: 'draining',
    });
  });
});
