import fc from 'fast-check';
import { holds, readExpected } from '../../../load/client/expected.js';
import { percentile } from '../../../load/client/percentile.js';
import { fill } from '../../../load/client/template.js';
import { leastOf } from '../../../load/client/thresholds.js';
import { percent } from '../../../load/client/variables.js';
import { hostileText, manyTimes } from '../shared/hostile';

const id = fc.stringMatching(/^[a-z0-9]{1,20}-\d{1,9}$/);
const length = fc.nat();

test('what is filled in is all that changes, whatever stands around it', () => {
  const literal = hostileText.map((text) => text.replaceAll('{', ''));
  fc.assert(
    fc.property(literal, literal, id, length, (before, after, name, ms) => {
      expect(fill(`${before}{id}${after}{length}`, name, ms)).toBe(`${before}${name}${after}${ms}`);
    }),
    manyTimes,
  );
});

test('no answer to one job is right for another', () => {
  const forms = ['EXPECT', 'EXPECT_REGEX', 'EXPECT_JSON'];
  fc.assert(
    fc.property(fc.constantFrom(...forms), id, id, length, (form, mine, other, ms) => {
      fc.pre(mine !== other);
      const isRight = readExpected({ [form]: form === 'EXPECT_REGEX' ? '^"{id}"$' : '"{id}"' });
      expect(isRight(`"${mine}"`, mine, ms)).toBe(true);
      expect(isRight(`"${other}"`, mine, ms)).toBe(false);
    }),
    manyTimes,
  );
});

test('any JSON holds itself, and what is taken away is missed', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (object) => {
      const whole = JSON.parse(JSON.stringify(object));
      expect(holds(whole, whole)).toBe(true);
      const [[name], ...rest] = Object.entries(whole) as [[string, unknown]];
      expect(holds(Object.fromEntries(rest), whole)).toBe(false);
      expect(holds(whole, Object.fromEntries(rest))).toBe(true);
      expect(holds({ ...whole, [name]: [whole[name]] }, whole)).toBe(false);
    }),
  );
});

test('a share of any count is the least whole number that is not below it', () => {
  // whole numbers, which have no fraction that only looks like one
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 0, max: 1000 }),
      (all, tenths) => {
        const share = percent({ RIGHT: `${(tenths / 10).toFixed(1)}%` }, 'RIGHT', '100%');
        const least = BigInt(leastOf(all, share));
        const product = BigInt(all) * BigInt(tenths);
        expect(least * 1000n >= product).toBe(true);
        expect((least - 1n) * 1000n < product).toBe(true);
      },
    ),
    manyTimes,
  );
});

test('a percentile is one of the values, and so large a share of them is no greater', () => {
  const shares = fc.constantFrom(0.5, 0.95, 0.99, 1);
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), shares, (values, share) => {
      const found = percentile(values, share);
      expect(values).toContain(found);
      const within = values.filter((value) => value <= found).length;
      expect(within).toBeGreaterThanOrEqual(values.length * share - 1e-9);
      const below = values.filter((value) => value < found).length;
      expect(below).toBeLessThan(values.length * share);
    }),
  );
});
