// What the debugger says of each way to crash: the words of exceptionInfo as a user sees them, and the stack.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { Debugging, root } from "../adapter/debugging.js";
import { assertGolden } from "./golden.js";

const source = readFileSync("examples/crash/crashes.c", "utf8");
const names = [...source.matchAll(/^ {2}\{ '\w', "([\w-]+)"/gm)].map(([, name]) => String(name));
const rustSource = readFileSync("examples/crash/rust/main.rs", "utf8");
const rustNames = rustSource.matchAll(/Crash \{ letter: b'(\w)', name: "(\w+)"/g);
const tabOf = (name: string) => `${root}/examples/crash/${name}/${name}.tab`;
const rustTab = `${root}/examples/crash/rust/rust.tab`;
const hello = `${root}/examples/hello/hello.tab`;
const blink = `${root}/examples/blink/blink.tab`;
const golden = (name: string) => `test/golden/crashes/${name}.txt`;

/** Ends that are no faults, at which the filters below stop. */
const endings = ["exit-code", "abort", "assert", "rust-panic"];
const filters = ["appPanic", "exitError"];

interface ExceptionInfo {
  exceptionId: string;
  description: string;
  details: { message: string; typeName: string; stackTrace: string };
}

const shown = (text: string): string => text.replaceAll(root, "ROOT");

async function exceptionText(client: Debugging, threadId: number): Promise<string> {
  const info = await client.request<ExceptionInfo>("exceptionInfo", { threadId });
  const { exceptionId, description, details } = info;
  return shown(`${details.typeName}\n${exceptionId}\n\n${description}\n\n${details.stackTrace}\n`);
}

describe("golden crashes", () => {
  for (const name of names.filter(each => !endings.includes(each))) {
    it(`${name} stops and says why`, async () => {
      const client = new Debugging();
      const apps = name === "other-process" ? [hello, tabOf(name)] : [tabOf(name)];
      await client.start({ apps });
      const { threadId = 0 } = await client.stopped();
      assertGolden(golden(name), await exceptionText(client, threadId));
    });
  }

  for (const name of endings) {
    it(`${name} stops where the app ends itself, and says why`, async () => {
      const client = new Debugging();
      await client.start({ apps: [tabOf(name)], stopOnEntry: true });
      const { threadId = 0 } = await client.stopped();
      await client.request("setExceptionBreakpoints", { filters });
      await client.run("continue", threadId);
      assertGolden(golden(name), await exceptionText(client, threadId));
    });
  }

  for (const [, letter, name] of rustNames) {
    it(`rust-${name} stops in the panic handler, and says why`, async () => {
      const client = new Debugging();
      const inputs = [`1s:console=${letter}`];
      await client.start({ apps: [rustTab], inputs, stopOnEntry: true });
      const { threadId = 0 } = await client.stopped();
      await client.request("setExceptionBreakpoints", { filters: ["appPanic"] });
      await client.run("continue", threadId);
      assertGolden(golden(`rust-${name}`), await exceptionText(client, threadId));
      const { stackFrames } = await client.request<DebugProtocol.StackTraceResponse["body"]>(
        "stackTrace",
        { threadId },
      );
      const shown = stackFrames.find(
        ({ source, presentationHint }) =>
          presentationHint !== "subtle" && source?.presentationHint !== "deemphasize",
      );
      assert.equal(shown?.name, `station::${name}`, "the line that panicked is what is shown");
    });
  }

  for (const [name, typed] of [
    ["requested", "fault blink"],
    ["kernel-panic", "panic"],
  ] as const) {
    it(`${name} by the process console says so`, async () => {
      const client = new Debugging();
      await client.start({ apps: [blink], inputs: [`1s:console=${typed}\\n`] });
      const { threadId = 0 } = await client.stopped();
      assertGolden(golden(name), await exceptionText(client, threadId));
    });
  }
});
