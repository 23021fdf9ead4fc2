import assert from "node:assert/strict";
import fc from "fast-check";
import { CommandLine } from "../../../../emulator/kernel/capsules/command-line.js";

function editor() {
  const echoed: number[] = [];
  const line = new CommandLine(bytes => echoed.push(...bytes));
  /** Types text; gives the commands that were ended by it. */
  const type = (text: string): string[] => {
    const commands: string[] = [];
    for (const byte of new TextEncoder().encode(text)) {
      if (line.receive(byte)) commands.push(line.take());
    }
    return commands;
  };
  return { echoed, line, type };
}

/** What a terminal shows on its last line after these bytes. */
function screen(bytes: readonly number[]): { text: string; cursor: number } {
  let cells: string[] = [];
  let cursor = 0;
  for (const byte of bytes) {
    if (byte === 0x0a) cells = [];
    if (byte === 0x0d || byte === 0x0a) cursor = 0;
    else if (byte === 0x08) cursor = Math.max(0, cursor - 1);
    else if (byte !== 0) cells[cursor++] = String.fromCharCode(byte);
  }
  return { text: cells.join("").trimEnd(), cursor };
}

const [up, down, right, left, home, end, remove] = ["A", "B", "C", "D", "H", "F", "3~"].map(
  key => `\x1b[${key}`,
) as [string, string, string, string, string, string, string];

describe("command line", () => {
  it("echoes what is typed and ends a line with CR LF", () => {
    const { echoed, type } = editor();
    assert.deepEqual(type("list\r"), ["list"]);
    assert.equal(String.fromCharCode(...echoed), "list\r\n");
  });

  it("characters are inserted at the cursor", () => {
    const { echoed, type } = editor();
    type(`hlp${left}${left}e`);
    assert.deepEqual(screen(echoed), { text: "help", cursor: 2 });
    type(`${home}?${end}!`);
    assert.deepEqual(screen(echoed), { text: "?help!", cursor: 6 });
    assert.deepEqual(type("\n"), ["?help!"]);
  });

  it("both backspaces remove the character before the cursor, Delete the one under it", () => {
    for (const key of ["\b", "\x7f"]) {
      const { echoed, type } = editor();
      type(`abcd${left}${left}${key}`);
      assert.equal(screen(echoed).text, "acd");
      type(remove);
      assert.equal(screen(echoed).text, "ad");
      assert.deepEqual(type("\n"), ["ad"]);
    }
  });

  it("Up and Down walk through the history and back to the unfinished command", () => {
    const { echoed, type } = editor();
    type("first\nsecond\nthi");
    type(up);
    assert.equal(screen(echoed).text, "second");
    type(up);
    assert.equal(screen(echoed).text, "first");
    type(up);
    assert.equal(screen(echoed).text, "first");
    type(down + down);
    assert.equal(screen(echoed).text, "thi");
    assert.deepEqual(type(`${right}rd\n`), ["third"]);
  });

  it("a repeated command is kept once, a blank one not at all", () => {
    const { line, type } = editor();
    type("one\none\n  \ntwo\n");
    assert.deepEqual(line.save().history.slice(0, 4), ["", "two", "one", ""]);
  });

  it("nine commands are remembered", () => {
    const { line, type } = editor();
    for (let i = 0; i < 12; i++) type(`c${i}\n`);
    assert.deepEqual(line.save().history, [
      "",
      "c11",
      "c10",
      "c9",
      "c8",
      "c7",
      "c6",
      "c5",
      "c4",
      "c3",
    ]);
  });

  it("a command has at most 63 characters", () => {
    const { type } = editor();
    assert.deepEqual(type(`${"x".repeat(80)}\n`), ["x".repeat(63)]);
  });

  it("bytes above 127 are dropped", () => {
    const { type } = editor();
    assert.deepEqual(type("läst\n"), ["lst"]);
  });

  it("typing, moving and deleting agree with a plain string and with the screen", () => {
    const keys = { left, right, home, end, remove, backspace: "\b" } as const;
    const action = fc.oneof(
      fc.constantFrom("a", "b", "c", "d"),
      fc.constantFrom(...(Object.keys(keys) as (keyof typeof keys)[])),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 50 }), actions => {
        const { echoed, type } = editor();
        let [text, cursor] = ["", 0];
        for (const name of actions) {
          type(name.length === 1 ? name : keys[name as keyof typeof keys]);
          if (name.length === 1)
            [text, cursor] = [text.slice(0, cursor) + name + text.slice(cursor), cursor + 1];
          else if (name === "left") cursor = Math.max(0, cursor - 1);
          else if (name === "right") cursor = Math.min(text.length, cursor + 1);
          else if (name === "home") cursor = 0;
          else if (name === "end") cursor = text.length;
          else if (name === "remove") text = text.slice(0, cursor) + text.slice(cursor + 1);
          else if (cursor > 0) {
            text = text.slice(0, cursor - 1) + text.slice(cursor);
            cursor--;
          }
          assert.equal(screen(echoed).text, text);
        }
        assert.deepEqual(type("\n"), [text]);
      }),
    );
  });
});
