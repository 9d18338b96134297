import { pino } from 'pino';
import { withPlainFailures } from '../../activities/plain-failure.ts';

test('what a failed activity leaves in the history quotes nobody', async () => {
  const error = Object.assign(new Error('duplicate key: (ana@private.example) exists'), { name: 'PostgresError', code: '23505' });
  const failed = withPlainFailures(pino({ level: 'silent' }), () => Promise.reject(error));
  await expect(failed).rejects.toMatchObject({ message: 'PostgresError 23505', type: 'PostgresError' });
  await expect(failed).rejects.not.toHaveProperty('cause.message');
});
