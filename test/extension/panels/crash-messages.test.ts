import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isCrashBody,
  isFromCrashView,
  isShowCrash,
  isToCrashView,
} from "../../../extension/panels/crash-messages.js";
import { crashBody } from "./crash-fixture.js";

/** Every object below a value with the name of each of its properties. */
function* properties(value: unknown): Generator<[Record<string, unknown>, string]> {
  if (typeof value !== "object" || value === null) return;
  for (const name of Object.keys(value)) {
    if (!Array.isArray(value)) yield [value as Record<string, unknown>, name];
    yield* properties((value as Record<string, unknown>)[name]);
  }
}

describe("messages of the crash panel", () => {
  it("are taken as the adapter makes them, also with properties of a later version", () => {
    assert.ok(isCrashBody(crashBody));
    assert.ok(isCrashBody({ ...JSON.parse(JSON.stringify(crashBody)), more: 1 }));
    const show = { type: "show", crash: crashBody, source: "crash", live: true };
    assert.ok(isShowCrash(show) && isToCrashView(show));
    assert.ok(isToCrashView({ type: "say", text: "Copied." }));
  });

  it("are dropped when any property is missing or of another type", () => {
    const optional = ["threadId"];
    const copy = structuredClone(crashBody);
    let checked = 0;
    for (const [owner, name] of properties(copy)) {
      const value = owner[name];
      owner[name] = Symbol("wrong");
      assert.ok(!isCrashBody(copy), `${name} may be anything`);
      delete owner[name];
      assert.equal(isCrashBody(copy), optional.includes(name), `${name} may be absent`);
      owner[name] = value;
      checked++;
    }
    assert.ok(checked > 100);
    assert.ok(isCrashBody(copy));
  });

  it("from the page are actions that are known, and nothing else", () => {
    for (const type of ["ready", "openPlace", "openDump", "copyReport", "restart", "openSettings"])
      assert.ok(isFromCrashView({ type }));
    assert.ok(isFromCrashView({ type: "openFrame", process: 0, frame: 1 }));
    assert.ok(!isFromCrashView({ type: "openFrame" }));
    assert.ok(!isFromCrashView({ type: "open", path: "/etc/passwd" }));
    fc.assert(fc.property(fc.anything(), value => !isFromCrashView(value)));
  });
});
