const Sequencer = require('@jest/test-sequencer').default;

/**
 * First what takes longest where several workers share the tests, so that none is left alone with it at the end, and the analysis that
 * other browser tests start from. Everything else in jest's own order.
 */
const FIRST = [/test\/golden\/parity\.test\.ts$/, /test\/browser\/radiologist\.test\.ts$/];
const first = ({ path }) => FIRST.some(pattern => pattern.test(path));

module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(first), ...sorted.filter(test => !first(test))];
  }
};
