import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Bundles the workflows as a worker runs them. Takes seconds; throws where they do not bundle. */
export async function bundleWorkflows(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: require.resolve('../../workflows/index.ts'),
    logger: new DefaultLogger('WARN'),
  });
  return code;
}
