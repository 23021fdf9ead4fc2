import assert from "node:assert/strict";
import fc from "fast-check";
import { bytes, hex, plain, readable, roundSize } from "../../../extension/panels/text.js";

describe("text from binaries", () => {
  it("makes neither a link in a message of VS Code nor an icon in a label", () => {
    assert.equal(plain("[x](command:y) $(trash)"), "[x] (command:y) $ (trash)");
  });

  it("is shown without characters that are not seen or turn the direction of others", () => {
    assert.deepEqual(readable("a\0b\n\x1b[31m\x7f\u202egnp.exe\u200b"), {
      text: "a␀b␊␛[31m␡\\u{202e}gnp.exe\\u{200b}",
      title: "",
    });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), text => {
        const { text: shown, title } = readable(text);
        assert.doesNotMatch(shown + title, /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });

  it("is cut where it is long, and the tooltip tells more of it, but not without end", () => {
    const { text, title } = readable("x".repeat(10_000));
    assert.equal(text, `${"x".repeat(63)}…`);
    assert.equal(title, `${"x".repeat(999)}…`);
    assert.equal(readable("😀".repeat(100), 10).text, `${"😀".repeat(9)}…`);
    assert.equal(readable("\0".repeat(5000)).text.length, 64);
  });

  it("leaves markup as it is, for it is never taken as markup", () => {
    assert.deepEqual(readable("<img src=x onerror=alert(1)>"), {
      text: "<img src=x onerror=alert(1)>",
      title: "",
    });
  });

  it("writes addresses and sizes the same way everywhere", () => {
    assert.equal(hex(0x2000_4000), "0x20004000");
    assert.equal(hex(0), "0x00000000");
    assert.equal(bytes(1), "1 byte");
    assert.equal(bytes(8192), "8,192 bytes");
    const sizes = [12, 1024, 262_144, 536_637_440, 0xffff_ffff];
    assert.deepEqual(sizes.map(roundSize), ["12 bytes", "1 KiB", "256 KiB", "512 MiB", "4 GiB"]);
  });
});
