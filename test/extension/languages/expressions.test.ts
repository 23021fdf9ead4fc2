import assert from "node:assert/strict";
import { expressionAt, expressionsIn } from "../../../extension/languages/expressions.js";
import { functionStart } from "../../../extension/languages/function-start.js";
import type { Language } from "../../../extension/languages/tokens.js";

/** The expression at the place of `|` in a line. */
function at(line: string, language: Language = "c"): string | undefined {
  const offset = line.indexOf("|");
  const text = line.slice(0, offset) + line.slice(offset + 1);
  const found = expressionAt(text, offset, language);
  if (found !== undefined) assert.ok(found.start <= offset && offset < found.end);
  return found?.text;
}

const all = (text: string, language: Language = "c"): string[] =>
  expressionsIn(text, language).map(found => found.text);

describe("the expression under the pointer", () => {
  it("goes up to the member that is pointed at", () => {
    assert.equal(at("x = queue.ev|ents[i].a;"), "queue.events");
    assert.equal(at("x = queue.events[i].|a;"), "queue.events[i].a");
    assert.equal(at("x = qu|eue.events[i].a;"), "queue");
    assert.equal(at("event->so|urce = source;"), "event->source");
    assert.equal(at("(*event).so|urce"), "(*event).source");
    assert.equal(at("table[queue.writ|ten++ % 8]"), "queue.written");
  });

  it("is what a pointer points to on its star, and no product", () => {
    assert.equal(at("y = |*p;"), "*p");
    assert.equal(at("return |*p->next;", "c"), "*p->next");
    assert.equal(at("|*last_reading = 42;"), "*last_reading");
    assert.equal(at("z = a |* b;"), undefined);
    assert.equal(at("char |*name;"), undefined);
  });

  it("is no call, keyword, type, text, comment or directive", () => {
    assert.equal(at('pr|intf("x");'), undefined);
    assert.equal(at("re|turn 1;"), undefined);
    assert.equal(at("struct ev|ent *e;"), undefined);
    assert.equal(at('f("a va|lue");'), undefined);
    assert.equal(at("a = 1; // the va|lue"), undefined);
    assert.equal(at("/* the va|lue */ a"), undefined);
    assert.equal(at("#define FO|O bar"), undefined);
    assert.equal(at("f(next()->va|lue)"), undefined);
    assert.equal(at("{ .sou|rce = 1 }"), undefined);
    assert.equal(at("a[i++].va|lue"), undefined);
  });

  it("in Rust knows paths, self, tuples, methods, macros and lifetimes", () => {
    assert.equal(at("let x = self.cou|nt + 1;", "rust"), "self.count");
    assert.equal(at("se|lf.count", "rust"), "self");
    assert.equal(at("self.pair.0.na|me", "rust"), "self.pair.0.name");
    assert.equal(at("crate::board::LE|DS[i]", "rust"), "crate::board::LEDS");
    assert.equal(at("app::st|ate::new()", "rust"), undefined);
    assert.equal(at("self.values.le|n()", "rust"), undefined);
    assert.equal(at("self.val|ues.len()", "rust"), "self.values");
    assert.equal(at('write|ln!(w, "{}", x)', "rust"), undefined);
    assert.equal(at('writeln!(w, "{}", |x)', "rust"), "x");
    assert.equal(at("if a|a != bb {", "rust"), "aa");
    assert.equal(at("let c = 'x'; na|me", "rust"), "name");
    assert.equal(at("fn f<'a>(te|xt: &'a str)", "rust"), "text");
    assert.equal(at("#[derive(De|bug)]", "rust"), undefined);
    assert.equal(at('r#"a va|lue"#', "rust"), undefined);
    assert.equal(at("|*pointer", "rust"), "*pointer");
  });
});

describe("the expressions of a source", () => {
  it("are each the longest without a call", () => {
    assert.deepEqual(all("event->a = queue.events[i].a + f(x, y->z);"), [
      "event->a",
      "queue.events[i].a",
      "i",
      "x",
      "y->z",
    ]);
    assert.deepEqual(all("for (int led = 0; led < leds; led++) {"), ["led", "led", "leds", "led"]);
    assert.deepEqual(all("self.total += values.iter().sum::<u32>();", "rust"), [
      "self.total",
      "values",
    ]);
    assert.deepEqual(all('println!("{}", count);', "rust"), ["count"]);
    assert.deepEqual(all("let p = Point::new(x, y);", "rust"), ["p", "x", "y"]);
  });
});

describe("the start of the function", () => {
  const inside = (text: string, language: Language = "c") =>
    text.slice(functionStart(text, language)).split("\n")[0];

  it("is found from anywhere in its body", () => {
    const c =
      "int a;\nstatic void f(int x) {\n  g();\n}\n\nint main(void) {\n  for (;;) {\n    if (x) {\n";
    assert.equal(inside(c), "int main(void) {");
    const cpp = "namespace n {\nclass C {\n  int get() {\n    if (a) {\n";
    assert.equal(inside(cpp, "cpp"), "int get() {");
    const rust =
      "impl A {\n  fn one(&self) { }\n  pub fn two(&self) -> u32 {\n    match x {\n      1 => {\n";
    assert.equal(inside(rust, "rust"), "fn two(&self) -> u32 {");
  });

  it("is the start of the file outside of any function", () => {
    assert.equal(functionStart("int a = 1;\nint b", "c"), 0);
    assert.equal(functionStart("const A: u32 = 1;", "rust"), 0);
  });
});
