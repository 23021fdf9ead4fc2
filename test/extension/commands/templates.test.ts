import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { filesOf, nameProblem, treeOf } from "../../../extension/commands/templates.js";

describe("a new app", () => {
  it("goes into a tree of libtock-c or libtock-rs, known by its root", () => {
    assert.equal(treeOf(["AppMakefile.mk", "Configuration.mk", "examples"]), "C");
    assert.equal(treeOf(["Cargo.toml", "examples", "runtime", "src"]), "Rust");
    assert.equal(treeOf(["Cargo.toml", "src"]), undefined);
    assert.equal(treeOf(existsSync("examples") ? readdirSync(".") : []), undefined);
  });

  it("has a name that make and Cargo take", () => {
    for (const name of ["blink", "a1", "my_app-2"]) assert.equal(nameProblem(name), undefined);
    for (const name of ["", "1a", "a b", "A", "../x", "é"])
      assert.match(nameProblem(name) ?? "", /letter/);
  });

  it("has its Makefile two folders below the root, and its name in the source", () => {
    const [source, makefile] = filesOf("C", "counter");
    assert.equal(source?.path, "examples/counter/main.c");
    assert.match(source?.text ?? "", /printf\("counter %d\\n", count\)/);
    assert.match(makefile?.text ?? "", /^TOCK_USERLAND_BASE_DIR = \.\.\/\.\.$/m);
    assert.match(makefile?.text ?? "", /^include \$\(TOCK_USERLAND_BASE_DIR\)\/AppMakefile\.mk$/m);
    const [rust] = filesOf("Rust", "counter");
    assert.equal(rust?.path, "examples/counter.rs");
    assert.match(rust?.text ?? "", /"counter \{count\}"/);
  });

  it("sleeps in Rust no longer than libtock-rs can on a board with an alarm of 16 MHz", () => {
    const [rust] = filesOf("Rust", "counter");
    const [, milliseconds] = /Milliseconds\((\d+)\)/.exec(rust?.text ?? "") ?? [];
    assert.ok(Number(milliseconds) * 16_000_000 < 2 ** 32, `${milliseconds} ms`);
  });
});
