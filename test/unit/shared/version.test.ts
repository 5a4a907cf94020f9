import { version } from '../../../src/shared/version';

test('the version is the one that the bundle was built with', () => {
  Object.assign(globalThis, { VERSION: '1.2.3' });
  expect(version()).toBe('1.2.3');
});
