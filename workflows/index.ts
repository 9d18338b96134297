/** Entry of the workflow bundle: every workflow type, by its export's name. A test checks it against the folders. */
export { sender } from './system/sender/workflow.ts';
