import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';
import '../figures.ts';
import { surroundingsHere } from '../../../surroundings.ts';
import { composeReport, type Point, renderReport } from './report.ts';

const GATE = /\/live\/gate\/([^/]+)\.test\.ts$/;

/** As a reader wants to be told; files that are new come last. */
const ORDER = ['checklist', 'restarts', 'stop', 'shared-volume', 'soak', 'leftovers'];

/** Writes `live-report.md` and `live-report.json` after a run in which the gate took part. */
export default class LiveReporter implements Reporter {
  readonly #directory = resolve(process.env.LIVE_REPORT_DIRECTORY ?? 'test-results');
  #started = Date.now();

  onTestRunStart(): void {
    this.#started = Date.now();
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const gate = modules.filter(({ moduleId }) => GATE.test(moduleId)).toSorted((a, b) => rankOf(a) - rankOf(b));
    if (gate.length === 0) return;
    const points = gate.flatMap((module) => [...module.children.allTests()].map((test) => pointOf(test)));
    const suites = gate.flatMap((module) => [...module.children.allSuites()].flatMap((suite) => suite.errors()));
    const errors = [...gate.flatMap((module) => module.errors()), ...suites, ...unhandled].map(
      ({ message }) => message,
    );
    const run = { started: this.#started, ended: Date.now(), surroundings: surroundingsHere() };
    const report = composeReport(points, errors, run);
    mkdirSync(this.#directory, { recursive: true });
    writeFileSync(join(this.#directory, 'live-report.json'), `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(join(this.#directory, 'live-report.md'), renderReport(report));
  }
}

function rankOf({ moduleId }: TestModule): number {
  const rank = ORDER.indexOf(GATE.exec(moduleId)?.[1] ?? '');
  return rank === -1 ? ORDER.length : rank;
}

function pointOf(test: TestCase): Point {
  const { state, errors } = test.result();
  return {
    group: test.parent.type === 'suite' ? test.parent.name : test.module.moduleId,
    name: test.name,
    result: state === 'passed' || state === 'failed' ? state : 'skipped',
    took_ms: Math.round(test.diagnostic()?.duration ?? 0),
    figures: test.meta().figures ?? {},
    errors: (errors ?? []).map(({ message }) => message),
  };
}
