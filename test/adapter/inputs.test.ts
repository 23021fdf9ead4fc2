import assert from "node:assert/strict";
import { parseInput, parseSeconds } from "../../adapter/inputs.js";

describe("inputs", () => {
  it("an input without a time happens at the start", () => {
    assert.deepEqual(parseInput("button0=down"), { seconds: 0, device: "button0", value: "down" });
  });

  it("times are seconds, with or without a unit, or fractions of one", () => {
    assert.equal(parseInput("1.5s:button0=up").seconds, 1.5);
    assert.equal(parseInput("250ms:button0=up").seconds, 0.25);
    assert.equal(parseSeconds("2"), 2);
    assert.equal(parseSeconds("1e3"), undefined);
    assert.equal(parseSeconds("s"), undefined);
  });

  it("values have C's escapes and may hold colons and equal signs", () => {
    assert.equal(parseInput("console=a\\n\\x41\\\\=b:c").value, "a\nA\\=b:c");
    assert.equal(parseInput("console=\\q").value, "\\q");
  });

  it("a byte beyond ASCII is that byte, and text around it is UTF-8", () => {
    assert.deepEqual(
      parseInput("console=\\xffa\\n\u00e9").value,
      Uint8Array.of(0xff, 0x61, 0x0a, 0xc3, 0xa9),
    );
    assert.equal(parseInput("console=\\\\xff\u00e9").value, "\\xff\u00e9");
    assert.equal(parseInput("console=end\\").value, "end\\");
  });

  it("a mistake is one sentence that shows the form", () => {
    for (const text of ["button0", "=1", "soon:button0=down"]) {
      assert.throws(() => parseInput(text), {
        name: "UserError",
        message: /write for example|\[TIME:\]/,
      });
    }
  });
});
