// The engine where code of libraries faulted or panicked: which line of the app's own is told, and for what reason.
import assert from "node:assert/strict";
import { explain } from "../../../adapter/crash/explain.js";
import type { Frame } from "../../../adapter/symbols/model.js";
import { codeAt, cortexScene, scene } from "./scenes.js";

const DACCVIOL = 0x82;

const frame = (name: string, path: string, line: number): Frame => ({
  ...{ pc: 0x40100, lookupPc: 0x40100, cfa: undefined, registers: [] },
  ...{ name, location: { path, line, column: 1 }, upcall: false, inlineDepth: 0 },
});

describe("a crash in code of a library", () => {
  it("takes the word of a function that panics only where its caller may have meant it", () => {
    const panic = (...names: string[]) => {
      const frames = names.map(name => frame(name, "/home/me/app/main.rs", 5));
      return explain(scene({ frames })).verdict;
    };
    const inHandler = ["rust_begin_unwind", "core::panicking::panic_fmt"];
    // LLVM has made one function of those with the same code: this panics over a division.
    assert.equal(
      panic(...inHandler, "core::result::unwrap_failed", "app::main"),
      "app::main panicked at main.rs:5.",
    );
    assert.equal(
      panic(
        ...inHandler,
        "core::result::unwrap_failed",
        "core::result::Result::unwrap",
        "app::main",
      ),
      "app::main panicked at main.rs:5: `unwrap()` or `expect()` on an `Err` value",
    );
  });

  it("takes what an app has called of core for a reason, where messages are dropped", () => {
    const panic = (...names: string[]) => {
      const inHandler = ["rust_begin_unwind", "core::panicking::panic_fmt", ...names];
      const frames = [
        ...inHandler.map(name => frame(name, "/rustc/1/library/core/src/slice.rs", 80)),
        frame("app::main", "/home/me/main.rs", 5),
      ];
      return explain(scene({ frames })).verdict.replace("app::main panicked at main.rs:5", "");
    };
    const failed = "core::slice::index::slice_index_fail";
    const index = (of: string) =>
      `<core::ops::range::Range<usize> as core::slice::index::SliceIndex<${of}>>::index`;
    assert.equal(panic(failed, index("[u8]")), ": range out of bounds of a slice");
    assert.match(panic("core::str::slice_error_fail", index("str")), /whole characters of a `str`/);
    // The same code as that of slice_index_fail.
    assert.equal(
      panic(failed, "core::slice::copy_from_slice_impl<u8>", "<[u8]>::copy_from_slice"),
      ": the two slices have different lengths",
    );
    assert.equal(panic("<[u8]>::split_at"), " in `<[u8]>::split_at`.");
    assert.equal(panic(), ".");
    const division = "core::panicking::panic_const::panic_const_div_by_zero";
    assert.equal(panic(division), ": attempt to divide by zero, or with overflow");
  });

  it("tells of the app's own line where a library faulted for it", () => {
    const frames = [
      frame("memset", "/build/newlib/libc/string/memset.c", 93),
      frame("fill", "/home/me/app/main.c", 24),
    ];
    const { place, details } = explain(cortexScene({ cfsr: DACCVIOL, mmfar: 0 }, {}, { frames }));
    assert.deepEqual([place?.function, place?.line], ["fill", 24]);
    assert.ok(details.includes("It happened in `memset`, which was called from fill (main.c:24)."));
    const alone = explain(
      cortexScene({ cfsr: DACCVIOL, mmfar: 0 }, {}, { frames: frames.slice(0, 1) }),
    );
    assert.equal(alone.place?.function, "memset");
  });

  it("tells of the app's own line where libtock-c faulted for it, but not of what an upcall interrupted", () => {
    const inLibtock = frame("set", "/home/me/libtock-c/libtock/peripherals/gpio.c", 28);
    const main = frame("main", "/home/me/app/main.c", 17);
    const at = (frames: Frame[]) =>
      explain(cortexScene({ cfsr: DACCVIOL, mmfar: 0 }, {}, { frames }));
    const called = at([inLibtock, main]);
    assert.deepEqual([called.place?.function, called.place?.line], ["main", 17]);
    assert.equal(called.fix?.text, "Check what main passes at main.c:17.");
    const upcall = at([{ ...inLibtock, upcall: true }, main]);
    assert.deepEqual([upcall.place?.function, upcall.place?.line], ["set", 28]);
  });

  it("tells of a callback that is null where an upcall ended with a jump to it", () => {
    const frames = [
      { ...frame("0x00000000", "", 0), pc: 0, location: null, upcall: true },
      frame("main", "/home/me/app/main.c", 17),
    ];
    const { details, fix } = explain(cortexScene({ cfsr: 1 << 17 }, { 15: 0 }, { frames }));
    assert.match(
      details.join("\n"),
      /^An upcall was running, and its function ended with the jump/m,
    );
    assert.match(fix?.text ?? "", /that none is null/);
  });

  it("blames what was done to the heap before, where its own functions fault", () => {
    const frames = [
      frame("get_chunk_from_ptr", "/build/newlib/libc/stdlib/nano-mallocr.c", 187),
      frame("_free_r", "/build/newlib/libc/stdlib/nano-mallocr.c", 423),
      frame("store", "/home/me/app/main.c", 24),
    ];
    const { details, fix } = explain(
      cortexScene(
        { cfsr: DACCVIOL, mmfar: 0x41414140 },
        { 1: 0x41414144 },
        {
          frames,
          // ldr.w r3, [r1, #-4]
          memory: codeAt(0x40100, 0xf851, 0x3c04),
        },
      ),
    );
    assert.match(
      details.join("\n"),
      /called from store \(main\.c:24\)\. It walks the list of the heap's blocks, so probably that list is damaged/,
    );
    assert.match(fix?.text ?? "", /^Check what was written to blocks of `malloc` before this line/);
  });

  it("tells of a C++ exception where the unwinder of an app without tables faults", () => {
    const frames = [
      frame("selfrel_offset31", "/build/gcc/libgcc/unwind-arm-common.inc", 459),
      frame("___Unwind_RaiseException", "/build/gcc/libgcc/config/arm/libunwind.S", 356),
    ];
    const { details } = explain(cortexScene({ cfsr: DACCVIOL, mmfar: 0xc0004d6c }, {}, { frames }));
    assert.ok(details.some(each => each.startsWith("A C++ exception was thrown, as `new` does")));
  });
});
