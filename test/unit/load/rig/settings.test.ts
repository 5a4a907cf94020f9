import {
  choice,
  chosen,
  durations,
  wholeNumber,
  wholeNumbers,
} from '../../../../load/rig/settings';

test('numbers are whole and positive, and separated by commas', () => {
  expect(wholeNumbers({ HELD: '1000, 2000' }, 'HELD')).toEqual([1000, 2000]);
  expect(wholeNumbers({ HELD: '' }, 'HELD')).toBeUndefined();
  expect(wholeNumber({}, 'RATE', 7)).toBe(7);
  for (const text of ['0', '-1', '1.5', 'many', '1,,2', '10;60']) {
    expect(() => wholeNumbers({ HELD: text }, 'HELD')).toThrow(`HELD=${text}: not a whole number`);
  }
  expect(() => wholeNumber({ RATE: '1,2' }, 'RATE', 7)).toThrow(
    'RATE=1,2: only one value is allowed',
  );
});

test('durations are returned in ms', () => {
  expect(durations({ SPREAD: '0s,2s' }, 'SPREAD', [])).toEqual([0, 2000]);
  expect(() => durations({ SPREAD: 'some' }, 'SPREAD', [])).toThrow('SPREAD=some: not a duration');
});

test('other values than the choices are rejected', () => {
  const engines = ['njs', 'qjs'] as const;
  expect(choice({ ENGINE: 'qjs' }, 'ENGINE', engines)).toBe('qjs');
  expect(choice({}, 'ENGINE', engines)).toBeUndefined();
  expect(chosen({ ENGINE: 'qjs njs' }, 'ENGINE', engines)).toEqual(['qjs', 'njs']);
  expect(() => choice({ ENGINE: 'v8' }, 'ENGINE', engines)).toThrow(
    'ENGINE=v8: unknown; possible values: njs qjs',
  );
  expect(() => choice({ ENGINE: 'njs,qjs' }, 'ENGINE', engines)).toThrow(
    'only one value is allowed',
  );
});
