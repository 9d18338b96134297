/** `npm run chaos`: minutes of killing with real parts, one scenario after another. The short forms are in the tier `stack`. */
const { projects } = require('./jest.config.cjs');

const stack = projects.find((project) => project.displayName === 'stack');

module.exports = {
  ...stack,
  displayName: 'chaos',
  testMatch: ['<rootDir>/test/chaos/**/*.test.ts'],
  maxWorkers: 1,
};
