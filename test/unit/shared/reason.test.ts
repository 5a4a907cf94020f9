/** What an exception says, whatever the engine. */

import { reasonOf } from '../../../src/shared/reason';

test('the message of an exception, or its name where it has none', () => {
  expect(reasonOf(new Error('No space left on device'))).toBe('No space left on device');
  // as QuickJS has it for a shared dictionary that is full
  const full = new Error();
  full.name = 'SharedMemoryError';
  expect(reasonOf(full)).toBe('SharedMemoryError');
  const bare = Object.assign(Object.create(null), { toString: () => 'SharedMemoryError' });
  expect(reasonOf(bare)).toBe('SharedMemoryError');
});
