// mocha's own spec report, closed by one plain line with the numbers, for readers that look for no other,
// and above it what passed or failed at its second try only.
const { Runner, reporters } = require("mocha");

class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const retried = [];
    runner.on(Runner.constants.EVENT_TEST_RETRY, (test, error) => {
      retried.push(`Tried again: ${test.title}\n  ${error?.message}`);
    });
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      const skipped = pending > 0 ? `, ${pending} skipped` : "";
      for (const line of retried) console.log(line);
      console.log(`${passes} passed, ${failures} failed${skipped}`);
    });
  }
}

module.exports = Reporter;
