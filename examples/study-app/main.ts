import { studyApp } from './app.ts';

const { FLYWHEEL_URL = 'http://127.0.0.1:3000', FLYWHEEL_SECRET_KEY, PORT = '3001' } = process.env;
if (FLYWHEEL_SECRET_KEY === undefined) {
  process.stderr.write('FLYWHEEL_SECRET_KEY is not set: npm start prints one.\n');
  process.exit(1);
}
studyApp({ flywheelUrl: FLYWHEEL_URL, secretKey: FLYWHEEL_SECRET_KEY }).listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write(`The study app is on http://127.0.0.1:${PORT}\n`);
});
