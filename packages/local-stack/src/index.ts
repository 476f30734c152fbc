export { type Answer, StackClient } from './client.ts';
export { describeExit, Program, type ProgramExit, type ProgramOptions } from './program.ts';
export {
  DASHBOARD_SCRIPT,
  GATEWAY_SCRIPT,
  type Installation,
  type RunningDashboard,
  type RunningGateway,
  type StackOptions,
  startDashboard,
  startGateway,
} from './stack.ts';
