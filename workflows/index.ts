/** Entry of the workflow bundle: every workflow type, by its export's name. A test checks it against the folders. */
export { importFile } from './system/import/workflow.ts';
export { learnPeakTimes } from './system/learn-peaks/workflow.ts';
export { retention } from './system/retention/workflow.ts';
export { sender } from './system/sender/workflow.ts';
export { settleSms } from './system/settle-sms/workflow.ts';
