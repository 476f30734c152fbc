import { Role, TaskState } from '@a2a-js/sdk';
import { ClientFactory } from '@a2a-js/sdk/client';
import { printed } from './printed.js';

await printed(async ({ url, session, text }, print) => {
  const client = await new ClientFactory().createFromUrl(url);
  const parts = [{ content: { $case: 'text', value: text }, mediaType: 'text/plain', filename: '', metadata: {} }];
  const ids = { messageId: crypto.randomUUID(), contextId: session, taskId: '' };
  const message = { ...ids, role: Role.ROLE_USER, parts, extensions: [], referenceTaskIds: [], metadata: {} };
  let last = TaskState.TASK_STATE_SUBMITTED;
  for await (const { payload } of client.sendMessageStream({ message, tenant: '', metadata: {} })) {
    if (payload.$case !== 'statusUpdate') continue;
    const { state, message: said } = payload.value.status;
    const words = said.parts[0].content.value;
    if (state === TaskState.TASK_STATE_WORKING) print(words);
    else if (state !== TaskState.TASK_STATE_COMPLETED) throw new Error(words);
    last = state;
  }
  if (last !== TaskState.TASK_STATE_COMPLETED) throw new Error('expected a completed task');
});
