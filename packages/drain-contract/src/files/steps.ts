/** The steps that create, replace or remove a contract file, in their order. */
export const CREATE_STEPS = ['create', 'write', 'sync', 'link', 'unlink', 'sync-directory'] as const;
export const REPLACE_STEPS = ['create', 'write', 'sync', 'rename', 'sync-directory'] as const;
export const REMOVE_STEPS = ['unlink', 'sync-directory'] as const;

export type FileStep = (typeof CREATE_STEPS | typeof REPLACE_STEPS | typeof REMOVE_STEPS)[number];

/** Called around each step; an error that it throws fails the step. */
export type StepHook = (when: 'before' | 'after', step: FileStep) => void;

let hook: StepHook | undefined;

/** Lets a test crash or fail at a step. Applies to the whole process until it is called without a hook. */
export function hookSteps(next?: StepHook): void {
  hook = next;
}

export function takeStep<T>(step: FileStep, task: () => T): T {
  hook?.('before', step);
  const result = task();
  hook?.('after', step);
  return result;
}

export async function waitForStep<T>(step: FileStep, task: () => Promise<T>): Promise<T> {
  hook?.('before', step);
  const result = await task();
  hook?.('after', step);
  return result;
}
