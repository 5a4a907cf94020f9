import fc from 'fast-check';
import { readExpected } from '../../../load/client/expected';
import { includesJson } from '../../../load/client/json';
import { percentile } from '../../../load/client/percentile';
import { fill } from '../../../load/client/template';
import { minimumCount } from '../../../load/client/thresholds';
import { percent } from '../../../load/client/variables';
import { hostileText, manyTimes } from '../shared/hostile';

const id = fc.stringMatching(/^[a-z0-9]{1,20}-\d{1,9}$/);
const length = fc.nat();

test('a template changes only in its placeholders', () => {
  const literal = hostileText.map((text) => text.replaceAll('{', ''));
  fc.assert(
    fc.property(literal, literal, id, length, (before, after, name, ms) => {
      expect(fill(`${before}{id}${after}{length}`, name, ms)).toBe(`${before}${name}${after}${ms}`);
    }),
    manyTimes,
  );
});

test('the response of another job is never accepted', () => {
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

test('a JSON object includes itself, but not with a member removed', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (object) => {
      const whole = JSON.parse(JSON.stringify(object));
      expect(includesJson(whole, whole)).toBe(true);
      const [[name], ...rest] = Object.entries(whole) as [[string, unknown]];
      expect(includesJson(Object.fromEntries(rest), whole)).toBe(false);
      expect(includesJson(whole, Object.fromEntries(rest))).toBe(true);
      expect(includesJson({ ...whole, [name]: [whole[name]] }, whole)).toBe(false);
    }),
  );
});

test('a minimum count is the share of all, rounded up', () => {
  // checked with integers, which have no rounding errors
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 0, max: 1000 }),
      (all, tenths) => {
        const share = percent({ RIGHT: `${(tenths / 10).toFixed(1)}%` }, 'RIGHT', '100%');
        const least = BigInt(minimumCount(all, share));
        const product = BigInt(all) * BigInt(tenths);
        expect(least * 1000n >= product).toBe(true);
        expect((least - 1n) * 1000n < product).toBe(true);
      },
    ),
    manyTimes,
  );
});

test('a percentile is the smallest value that this share of the values does not exceed', () => {
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
