import { shareWorkflowBundle } from './workflow-bundle.ts';

export default shareWorkflowBundle;
