import { emptyDistribution, fold } from '../../../../src/offload/learning/distribution';
import { makePlan } from '../../../../src/offload/learning/plan';
import {
  LONGEST_TEXT,
  readDistribution,
  readPlan,
  writeDistribution,
  writePlan,
} from '../../../../src/offload/learning/stored';

const outcomes = Array.from({ length: 300 }, (_, i) => ({
  from: i % 3 === 0 ? 0 : 9_000 + i,
  to: 10_000 + i,
}));
const known = fold(emptyDistribution(), outcomes, 1_000);
const plan = { floor: 50, explores: true, times: [1_000, 2_000, 4_000] };

test('what is written is read: the outcomes are the same, the shares nearly', () => {
  const text = writeDistribution(known);
  expect(text).not.toContain('\n');
  expect(text.length).toBeLessThan(4_096);
  const again = readDistribution(text);
  expect(again?.from).toEqual(known.from);
  expect(again?.to).toEqual(known.to);
  expect(again?.edges).toEqual(known.edges);
  again?.shares.forEach((share, i) => {
    expect(share).toBeCloseTo(known.shares[i] as number, 4);
  });
});

test('an empty distribution is written as well', () => {
  expect(readDistribution(writeDistribution(emptyDistribution()))?.from).toEqual([]);
});

test('a plan is written to whole milliseconds, none earlier', () => {
  expect(readPlan(writePlan({ ...plan, times: [999.5, 2_000] }))).toEqual({
    ...plan,
    times: [1_000, 2_000],
  });
  const made = makePlan(known, 25, 50);
  expect(made && readPlan(writePlan(made))?.times).toHaveLength(made?.times.length as number);
});

const distributions = {
  'no text': '',
  'no JSON': 'nginx',
  'no list': '{"0":"distribution 1"}',
  'another version': writeDistribution(known).replace('distribution 1', 'distribution 2'),
  'a plan': writePlan(plan),
  'a missing list': '["distribution 1",1,[],[]]',
  'outcomes without ends': '["distribution 1",1,[5],[],[0,167772160],[1]]',
  'an outcome of no length': '["distribution 1",1,[5],[0],[0,167772160],[1]]',
  'an outcome beyond the grid': '["distribution 1",1,[5],[167772160],[0,167772160],[1]]',
  'a text as a number': '["distribution 1",1,["5"],[5],[0,167772160],[1]]',
  'a null': '["distribution 1",1,[null],[5],[0,167772160],[1]]',
  'edges that fall': '["distribution 1",1,[],[],[0,20,10,167772160],[1,1,1]]',
  'a grid that starts late': '["distribution 1",1,[],[],[10,167772160],[1]]',
  'a grid that ends early': '["distribution 1",1,[],[],[0,10],[1]]',
  'more cells than shares': '["distribution 1",1,[],[],[0,10,167772160],[1]]',
  'no cells': '["distribution 1",1,[],[],[0],[]]',
  'a negative share': '["distribution 1",1,[],[],[0,10,167772160],[1,-1]]',
  'a huge number': '["distribution 1",1,[1e308],[1e308],[0,167772160],[1]]',
  'too long': `["distribution 1",${' '.repeat(LONGEST_TEXT)}1,[],[],[0,167772160],[1]]`,
};
test.each(Object.entries(distributions))('a distribution that is %s is none', (_name, text) => {
  expect(readDistribution(text)).toBeUndefined();
});

test.each([
  ['no text', ''],
  ['another version', writePlan(plan).replace('plan 1', 'plan 2')],
  ['a distribution', writeDistribution(known)],
  ['without times', '["plan 1",50,true,[]]'],
  ['of times that fall', '["plan 1",50,true,[2,1]]'],
  ['of a time that is null', '["plan 1",50,true,[null]]'],
  ['without a floor', '["plan 1",0,true,[1]]'],
  ['too long a list', `["plan 1",50,true,[${Array.from({ length: 129 }, (_, i) => i + 1)}]]`],
])('a plan that is %s is none', (_name, text) => {
  expect(readPlan(text)).toBeUndefined();
});

test('a text that is cut off anywhere is none', () => {
  for (const text of [writeDistribution(known), writePlan(plan)]) {
    for (let length = 0; length < text.length; length++) {
      expect(
        readDistribution(text.slice(0, length)) ?? readPlan(text.slice(0, length)),
      ).toBeUndefined();
    }
  }
});
