import { removeWorkflowBundle } from './workflow-bundle.ts';

export default async function tearDown(): Promise<void> {
  await globalThis.flywheelTestTime?.stop();
  await removeWorkflowBundle();
}
