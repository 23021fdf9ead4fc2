import assert from "node:assert/strict";
import fc from "fast-check";
import type { Watch } from "../../../adapter/scenario/perform.js";
import { readScenarios } from "../../../adapter/scenario/read.js";
import { UserError } from "../../../emulator/index.js";
import { failures, performed } from "./performing.js";

/** Results of the steps, one letter each. */
const letters = (checks: readonly { result: string }[]) => checks.map(c => c.result[0]).join("");

describe("steps of a scenario", () => {
  it("pass at the very cycle at which what they wait for happens", async () => {
    const { outcome } = await performed(
      "blink",
      "steps:\n- {led0: on, within: 1s}\n- {led1: on, within: 1s}\n- {led0: off}\n",
    );
    const [first, second, third] = outcome.checks.map(check => check.virtualSeconds);
    assert.ok(first! > 0.25 && first! < 0.2501, String(first));
    assert.ok(second! > 0.5 && second! < 0.5002, String(second));
    assert.equal(third, second);
    assert.equal(outcome.virtualSeconds, second);
  });

  it("find text behind what was found before, for each sender by itself", async () => {
    const text = (from: string) =>
      `apps: [hello.tab, ../blink/blink.tab]\nsteps:\n- console: Tock\n- console: {text: Hello, from: ${from}}\n`;
    assert.deepEqual(await failures("hello", text("hello")), []);
    assert.deepEqual(await failures("hello", text("blink")), [
      'console: {text: Hello, from: blink}: "Hello" did not come from blink; nothing came.',
    ]);
    assert.match(
      (await failures("hello", text("anyone")))[0]!,
      /"Hello" did not come; what came is/,
    );
  });

  it("match patterns at the ends of lines, and leave carriage returns out", async () => {
    const text =
      'steps:\n- console: {regex: "^Hello, \\\\w+!$"}\n- console: {text: "loop\\nNRF52", from: kernel}\n';
    assert.deepEqual(await failures("hello", text), []);
  });

  it("that fail end the run, and those behind them are skipped", async () => {
    const { outcome } = await performed(
      "blink",
      "steps:\n- wait: 1ms\n- led0: on\n- wait: 1s\n- led1: on\n",
    );
    assert.equal(letters(outcome.checks), "pfssp");
    assert.equal(outcome.checks[1]!.message, "led0 shows off.");
    assert.equal(outcome.virtualSeconds, 0.001);
  });

  it("begin at their time, and fail if that has passed", async () => {
    const { outcome } = await performed(
      "blink",
      "steps:\n- {at: 300ms, led0: on}\n- {at: 1ms, wait: 1s}\n",
    );
    assert.equal(letters(outcome.checks), "pfp");
    assert.match(outcome.checks[1]!.message!, /^It is due at 0\.001 s/);
  });

  it("end at the time limit, also when the board sleeps for good", async () => {
    const { outcome } = await performed("hello", "time-limit: 500ms\nsteps:\n- console: Bye\n");
    assert.equal(outcome.checks[0]!.virtualSeconds, 0.5);
    assert.match(
      outcome.checks[0]!.message!,
      /^"Bye" did not come; what came is ".*Hello, Tock!\\n/,
    );
    assert.deepEqual(await failures("hello", "time-limit: 1s\nsteps:\n- wait: 2s\n"), [
      "wait: 2s: The time limit came first.",
    ]);
    assert.deepEqual(await failures("hello", "time-limit: 1s\nsteps:\n- {at: 2s, console: a}\n"), [
      "console: a: The time limit came first.",
    ]);
  });

  it("see system calls from when they begin", async () => {
    const call = "{app: blink, driver: LED, command: 1, returns: success}";
    const { outcome } = await performed("blink", `steps:\n- wait: 100ms\n- syscall: ${call}\n`);
    assert.ok(outcome.checks[1]!.virtualSeconds > 0.25);
    assert.deepEqual(
      await failures("blink", "time-limit: 1s\nsteps:\n- syscall: {driver: LED, command: 9}\n"),
      ["syscall: {driver: LED, command: 9}: There was no such system call."],
    );
  });

  it("act on devices, and tell what a device cannot take", async () => {
    const steps = "steps:\n- console: Ready\n- input: console=a\n- console: Typed 0x61\n";
    assert.deepEqual(await failures("grants", steps), []);
    assert.match(
      (await failures("grants", "steps:\n- input: button0=blue\n"))[0]!,
      /^input: button0=blue: .*button0/,
    );
  });

  it("give inputs beside the steps at their times", async () => {
    const text =
      "inputs: [2s:console=b, 1500ms:console=a]\nsteps:\n- console: Typed 0x61\n- console: Typed 0x62\n";
    const { outcome } = await performed("grants", text);
    const [a, b] = outcome.checks.map(check => check.virtualSeconds);
    assert.ok(a! >= 1.5 && a! < 1.51 && b! >= 2 && b! < 2.01, `${a} ${b}`);
  });

  it("install an app and wait until it runs, or say why not", async () => {
    const steps =
      "steps:\n- wait: 1s\n- load: ../hello/hello.tab\n- console: {text: Hello, from: hello}\n- exit: {hello: 0}\n";
    const { outcome } = await performed("blink", steps);
    assert.equal(letters(outcome.checks), "ppppp");
    assert.ok(outcome.checks[1]!.virtualSeconds > 1);
    const full = `apps: [${new Array(8).fill("blink.tab")}]\n`;
    const [failure] = await failures("blink", `${full}steps:\n- load: ../hello/hello.tab\n`);
    assert.match(
      failure!,
      /^load: \.\.\/hello\/hello\.tab: App "hello" was not installed: .* process slots/,
    );
    assert.deepEqual(await failures("blink", "steps:\n- input: loader=uninstall nobody\n"), [
      'input: loader=uninstall nobody: loader: no app "nobody" is installed; name one of blink.',
    ]);
  });

  it("take a fault that they wait for, and its explanation", async () => {
    const steps = (fault: string) =>
      `time-limit: 1s\nsteps:\n- console: quit\n- input: button0=down\n- fault: ${fault}\n`;
    assert.deepEqual(await failures("crash", steps("crash")), []);
    assert.deepEqual(await failures("crash", steps("{app: crash, text: is a null pointer}")), []);
    const [first, second] = await failures("crash", steps("{app: crash, text: overflow}"));
    assert.match(first!, /crash faulted, but not so: crash tried to write 4 bytes to 0x00000000/);
    assert.match(
      second!,
      /^no-fault: true: crash faulted at 0\.\d{6} s\. .*examples\/crash\/crashes\.c:10/,
    );
  });

  it("end with a fault that nobody waits for, unless faults are no failure", async () => {
    const text = (expect: string) =>
      `inputs: 100ms:button0=down\nfault-policy: stop\nsteps:\n- wait: 1s\n${expect}`;
    const { outcome } = await performed("crash", text(""));
    assert.equal(letters(outcome.checks), "ff");
    assert.equal(outcome.checks[0]!.message, "crash faulted first.");
    assert.ok(outcome.virtualSeconds < 0.11);
    assert.equal(outcome.faults[0]!.expected, false);
    const lenient = await performed("crash", text("expect: {no-fault: false}\n"));
    assert.equal(lenient.outcome.result, "passed");
    assert.equal(lenient.outcome.faults.length, 1);
  });

  it("give the same outcome every time, and with coverage and profile", async () => {
    const text =
      "seed: 5\nsteps:\n- console: Ready\n- input: button1=down\n- console: Button 1 down\n- {at: 2s, input: console=q}\n- exit: {grants: 0}\n";
    const first = await performed("grants", text);
    const watched = await performed("grants", text, { coverage: true, profile: true });
    assert.deepEqual(watched.outcome, first.outcome);
    assert.equal(first.outcome.result, "passed");
  });
});

describe("what a scenario expects of the whole run", () => {
  const expected = (example: string, expect: string) =>
    failures(example, `time-limit: 2s\nexpect: ${expect}\n`);

  it("is text in its order, and text that must not come", async () => {
    assert.deepEqual(
      await expected("grants", "{console: [Ready, Second 1], no-console: Typed}"),
      [],
    );
    const wrong = await expected(
      "grants",
      "{console: [Second 1, Ready], no-console: {regex: Second}}",
    );
    assert.equal(wrong.length, 2);
    assert.match(wrong[0]!, /^console: Ready: "Ready" did not come; what came is/);
    assert.match(wrong[1]!, /^no-console: \{regex: Second\}: \/Second\/m came: /);
  });

  it("is what devices show at the end", async () => {
    assert.deepEqual(await expected("blink", "{led0: on, shows: {led1: on, led3: off}}"), []);
    assert.deepEqual(await expected("blink", "{led0: off}"), ["led0: off: led0 shows on."]);
  });

  it("is how apps have exited", async () => {
    assert.deepEqual(await expected("hello", "{exit: {hello: 0}}"), []);
    assert.deepEqual(await expected("hello", "{exit: {hello: 3}}"), [
      "exit: {hello: 3}: hello exited with 0, not with 3.",
    ]);
    assert.deepEqual(await expected("blink", "{exit: blink}"), [
      "exit: blink: blink has not exited; it is Yielded.",
    ]);
  });

  it("is how often system calls are made", async () => {
    const calls = "driver: Console, class: command, number: 1";
    assert.deepEqual(await expected("hello", `{syscalls: [{${calls}, count: 1}, {${calls}}]}`), []);
    assert.deepEqual(await expected("hello", `{syscalls: {${calls}, at-most: 0}}`), [
      `syscalls: {${calls}, at-most: 0}: There were 1 such system calls.`,
    ]);
    assert.equal((await expected("hello", "{syscalls: {driver: LED}}")).length, 1);
  });

  it("is how many bytes of grants an app has at most, also when it has ended", async () => {
    const [tooMany] = await expected("hello", "{grant-bytes: {hello: 0}}");
    const [, bytes] = /: It had (\d+) bytes of grants\.$/.exec(tooMany!) ?? [];
    assert.ok(Number(bytes) > 0);
    assert.deepEqual(await expected("hello", `{grant-bytes: {hello: ${bytes}}}`), []);
    assert.equal(
      (await expected("hello", `{grant-bytes: {hello: ${Number(bytes) - 1}}}`)).length,
      1,
    );
  });
});

describe("a scenario that cannot be run", () => {
  const cases: readonly [what: string, text: string, message: RegExp][] = [
    ["a board", "board: arduino", /blink\.tocktest\.yaml:1:1: There is no board "arduino"/],
    [
      "a file",
      "apps:\n- none.tab",
      /blink\.tocktest\.yaml:2:3: examples\/blink\/none\.tab: there is no such file/,
    ],
    [
      "an app",
      "steps:\n- exit: foo",
      /blink\.tocktest\.yaml:2:3: There is no app "foo" here; there are blink\.$/,
    ],
    ["a device", "steps:\n- led9: on", /:2:3: Nothing on nrf52840dk shows "led9"; there are /],
    [
      "an input device",
      "inputs:\n- led0=on",
      /:2:3: Nothing on nrf52840dk takes inputs as "led0"; there are /,
    ],
  ];
  for (const [what, text, message] of cases)
    it(`says where and why: ${what} that there is not`, async () => {
      await assert.rejects(performed("blink", text), { name: "UserError", message });
    });
});

describe("any scenario", () => {
  const step = fc.constantFrom(
    ...["wait: 3ms", "at: 20ms, wait: 0", "led0: on, within: 30ms", "led1: off", "console: n"],
    ...["input: button0=down", "input: console=n", "input: [button1=down, button1=up]"],
    ...["input: loader=erase-apps", "input: loader=restart crash", "input: processes=panic"],
    ...["input: processes=fault 0", "input: processes=terminate 0", "fault: crash"],
    ...["load: ../hello/hello.tab", "load: ../blink/blink.tab", "load: crash.tab"],
    ...[
      "exit: crash",
      "syscall: {app: crash}",
      "shows: {console: x}",
      "console: {text: quit, from: crash}",
    ],
  );
  const policy = fc.constantFrom("panic", "stop", "restart", "threshold-restart:1");
  const text = fc
    .tuple(
      fc.array(step, { minLength: 1, maxLength: 7 }),
      policy,
      fc.boolean(),
      fc.nat({ max: 40 }),
    )
    .map(([steps, name, noFault, ms]) =>
      [
        `time-limit: ${ms}ms\nfault-policy: ${name}\nexpect: {no-fault: ${noFault}}`,
        `inputs: 7ms:console=s\nsteps:\n${steps.map(line => `- {${line}}`).join("\n")}\n`,
      ].join("\n"),
    );

  it("ends by its limit with an outcome or a user's mistake, and again with the same, watched or not", async () => {
    await fc.assert(
      fc.asyncProperty(text, async written => {
        const once = (watch: Watch) =>
          performed("crash", written, watch).then(
            ({ outcome }) => outcome,
            (error: unknown) => {
              assert.ok(error instanceof UserError, String(error));
              return error.message;
            },
          );
        const first = await once({});
        assert.deepEqual(await once({ coverage: true, profile: true }), first);
        if (typeof first === "string") return;
        const limit = Number(/^time-limit: (\d+)/.exec(written)?.[1]) / 1000;
        assert.ok(first.virtualSeconds <= limit, String(first.virtualSeconds));
      }),
      { numRuns: 12 },
    );
  }).timeout(120_000);
});

describe("what failed in a scenario", () => {
  it("is told as two texts where what was wanted and what was seen are of one kind", async () => {
    const text =
      "steps:\n- {at: 260ms, led0: on}\nexpect:\n  console: [Never]\n  shows: {led0: off}\n  exit: {blink: 0}\n";
    const { outcome } = await performed("blink", text);
    const told = outcome.checks.map(({ text: what, difference }) => [what, difference]);
    assert.deepEqual(told.slice(2, 4), [
      ["shows: {led0: off}", { expected: "off", actual: "on" }],
      ["exit: {blink: 0}", undefined],
    ]);
    assert.equal(outcome.checks[1]!.difference?.expected, "Never");
    assert.equal(outcome.checks[1]!.difference?.actual, outcome.console);
  });

  it("has the stack of a fault, with the sources that are on this computer", async () => {
    const { outcome } = await performed(
      "crash",
      'steps:\n- console: "q: quit"\n- input: button0=down\n- wait: 1s\n',
    );
    const [{ stack }] = outcome.faults as [(typeof outcome.faults)[0]];
    const names = stack.map(({ name }) => name.replace(/ \(.*/, ""));
    assert.ok(names.includes("main"), names.join());
    assert.match(stack[0]?.file ?? "", /^examples\/crash\/crashes\.c$/);
    assert.ok((stack[0]?.line ?? 0) > 1);
  });

  it("stands in the scenario that has its number and its lines", () => {
    const { scenarios } = readScenarios("steps:\n- wait: 1s\n---\nname: B\nsteps: []\n", "x");
    const places = scenarios.map(({ number, place, end }) => [number, place.line, end.line]);
    assert.deepEqual(places, [
      [1, 1, 2],
      [2, 4, 5],
    ]);
  });
});
