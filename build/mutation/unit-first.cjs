const Sequencer = require('@jest/test-sequencer').default;

/** Unit tests before property tests: they fail on most mutants, and take milliseconds. */
module.exports = class extends Sequencer {
  sort(tests) {
    const isProperty = ({ path }) => Number(path.includes('.property.test'));
    return [...tests].sort((a, b) => isProperty(a) - isProperty(b) || (a.path < b.path ? -1 : 1));
  }
};
