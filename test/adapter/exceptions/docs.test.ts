import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { capabilities } from "../../../adapter/capabilities.js";
import { Condition } from "../../../adapter/exceptions/conditions.js";
import { filters } from "../../../adapter/exceptions/filters.js";

const text = readFileSync("docs/dap.md", "utf8");

describe("docs/dap.md", () => {
  it("has a row for each exception filter, with all fields of its conditions", () => {
    for (const { id, description, fields } of filters) {
      const names = Object.keys(fields).map(name => `\`${name}\``);
      const row = `| \`${id}\` | ${description.replace(/^Stops /, "")} | ${names.join(" ")} |`;
      assert.ok(text.includes(row), row);
    }
  });

  it("gives examples of conditions that their filters understand", () => {
    const rows = [...text.matchAll(/^\| `([^`|]+)` \| `(\w+)` \|$/gm)];
    assert.equal(rows.length, 4);
    for (const [, condition = "", id] of rows) {
      const filter = filters.find(each => each.id === id);
      assert.ok(Condition.read(condition, filter?.fields ?? {}) instanceof Condition, condition);
    }
  });
});

describe("the Breakpoints view", () => {
  it("is told an example of a condition that each filter understands", () => {
    for (const { id, fields, example } of filters)
      assert.ok(Condition.read(example, fields) instanceof Condition, id);
    for (const shown of capabilities.exceptionBreakpointFilters ?? []) {
      assert.equal(shown.supportsCondition, true);
      assert.match(shown.conditionDescription ?? "", /^Stops only where this is true, e\.g\. /);
    }
  });
});
