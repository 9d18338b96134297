import { ScheduleAlreadyRunning, type ScheduleClient, type ScheduleOptions } from '@temporalio/client';

/** Creates a Schedule, or changes the one that is there to what is wanted; an operator's pause and note stay. Doing it again changes nothing. */
export async function setSchedule(schedules: ScheduleClient, wanted: ScheduleOptions): Promise<'created' | 'changed'> {
  try {
    await schedules.create(wanted);
    return 'created';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await schedules.getHandle(wanted.scheduleId).update(({ state }) => ({ ...wanted, state }));
    return 'changed';
  }
}
