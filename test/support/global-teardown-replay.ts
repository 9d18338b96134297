import { removeWorkflowBundle } from './workflow-bundle.ts';

export default removeWorkflowBundle;
