import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChromeTrace } from "../../adapter/timeline/chrome-trace.js";
import type { RunResult } from "../../cli/report.js";
import { readTab, writeTab } from "../../emulator/index.js";
import { program, tbf as tbfOf } from "../emulator/guest.js";

const app = (name: string) => `examples/${name}/${name}.tab`;

function run(args: readonly string[], environment: Record<string, string> = {}) {
  const { CI: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["out/cli/main.js", "run", ...args],
    { encoding: "utf8", env: { ...env, ...environment }, timeout: 30_000 },
  );
  return { status, stdout, stderr };
}

const json = (...args: string[]) => {
  const { status, stdout, stderr } = run(["--json", ...args]);
  return { status, stderr, result: JSON.parse(stdout) as RunResult };
};

const refuses = (args: string[], message: RegExp) => {
  const { status, stdout, stderr } = run(args);
  assert.equal(status, 2, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /^tock-debug: [^\n]+\n$/);
  assert.match(stderr, message);
};

describe("tock-debug run", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tock-debug-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("ends by itself when nothing can ever happen again", () => {
    const { status, stdout, stderr } = run([app("hello")]);
    assert.equal(status, 0);
    assert.equal(stderr, "");
    assert.match(stdout, /^Initialization complete.*\nHello, Tock!\ntock\$ $/s);
  });

  it("--board runs what the bundle has for it, or says in a sentence that there is nothing", () => {
    const { stdout, status } = run(["--board", "raspberry_pi_pico", app("hello")]);
    assert.equal(status, 0);
    assert.match(stdout, /^RP2040 Revision 2 ASIC\r\n.*Hello, Tock!\n/s);
    refuses(
      ["--board", "raspberry_pi_pico", app("locals")],
      /holds code for cortex-m4; the board runs cortex-m0\. Build the app for cortex-m0\.\n$/,
    );
  });

  it("--trace writes system calls and upcalls as a Chrome trace, or says why it cannot", () => {
    const file = join(folder, "trace.json");
    const { status, stderr } = run(["--trace", file, "--for", "0.6", app("blink")]);
    assert.deepEqual([status, stderr], [0, ""]);
    const { traceEvents, otherData } = JSON.parse(readFileSync(file, "utf8")) as ChromeTrace;
    const golden = readFileSync("test/golden/timeline/blink.txt", "utf8");
    assert.equal(otherData.rows, golden.trimEnd().split("\n").length);
    const names = traceEvents.filter(({ ph }) => ph === "X").map(({ name }) => name);
    assert.ok(names.includes("LED on") && names.includes("upcall Alarm 0"));
    refuses(["--trace", join(folder, "none", "trace.json"), app("blink")], /none.*no such/i);
  });

  it("--fault-policy decides what the kernel does about a fault", () => {
    const fault = ["--input", "100ms:button0=down", "--for", "0.2", app("crash")];
    assert.match(
      run(["--fault-policy", "stop", ...fault]).stdout,
      /Process crash faulted and was stopped\.\r\n$/,
    );
    const restarted = json("--fault-policy", "restart", ...fault).result.processes[0];
    assert.equal(restarted?.faults.length, 1);
    assert.equal(restarted?.state, "Yielded");
    refuses(
      ["--fault-policy", "ignore", app("crash")],
      /expected panic, stop, .*restart, .*threshold-restart:N/,
    );
  });

  it("--scheduler decides how processes share the CPU", () => {
    const both = [app("hello"), app("locals")];
    for (const name of ["round-robin", "cooperative", "priority", "mlfq"]) {
      const { result } = json("--scheduler", name, ...both);
      assert.deepEqual(
        result.processes.map(p => p.state),
        ["Terminated", "Terminated"],
        name,
      );
    }
    refuses(
      ["--scheduler", "fifo", app("hello")],
      /expected round-robin, cooperative, priority, mlfq\.\n$/,
    );
  });

  it("--kernel-config trace_syscalls prints each system call and upcall", () => {
    const { stdout } = run(["--kernel-config", "trace_syscalls", app("hello")]);
    assert.match(stdout, /\n\[0\] cmd\(0x1, 1, 0xd, 0x0\) = Success\r\n/);
    assert.match(stdout, /\n\[0\] exit\(which: 0, completion_code: 0\) = None\r\n/);
  });

  it("--wire joins GPIO pins of the board", () => {
    assert.equal(run(["--wire", "0-1", app("hello")]).status, 0);
    refuses(["--wire", "0-1-2", app("hello")], /wire 0-1-2: expected two GPIO pins such as 0-1/);
    refuses(["--wire", "8-0", app("hello")], /Wire 8-0: the board has no GPIO pin 8/);
  });

  it("--console=apps prints what apps print and nothing else", () => {
    assert.equal(run(["--console=apps", app("hello")]).stdout, "Hello, Tock!\n");
  });

  it("--json prints one object with everything that a script needs", () => {
    const { status, result } = json("--for", "1.1", app("hello"), app("blink"));
    assert.equal(status, 0);
    assert.equal(result.schema, 1);
    assert.match(result.console, /Hello, Tock!/);
    assert.equal(result.virtualSeconds, 1.1);
    assert.ok(result.instructions > 1000);
    assert.deepEqual(
      result.processes.map(({ name, state, completionCode, restarts, faults }) => ({
        name,
        state,
        completionCode,
        restarts,
        faults,
      })),
      [
        { name: "hello", state: "Terminated", completionCode: 0, restarts: 0, faults: [] },
        { name: "blink", state: "Yielded", completionCode: null, restarts: 0, faults: [] },
      ],
    );
    // Four steps of 250 ms: the third LED is on.
    assert.deepEqual(result.leds, [false, false, true, false]);
  });

  it("a fault gives exit code 1, one sentence and the fault's registers", () => {
    const { status, stderr, result } = json("--input", "console=n", app("crash"));
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^tock-debug: crash faulted at [^\n]*tried to write 4 bytes to 0x00000000[^\n]*\n$/,
    );
    const [fault] = result.processes[0]?.faults ?? [];
    assert.equal(fault?.cfsr, 0x82);
    assert.equal(fault?.mmfar, 0);
    assert.match(fault?.file ?? "", /crash\/crashes\.c$/);
    assert.equal(result.processes[0]?.state, "Faulted");
  });

  it("inputs happen at their times, whatever their order on the command line", () => {
    const { result } = json(
      ...["--input", "1.5s:console=q", "--input", "0.25s:button2=down"],
      app("grants"),
    );
    assert.match(result.console, /Button 2 down\r?\nSecond 1\r?\n.*Typed 0x71/s);
    assert.equal(result.processes[0]?.completionCode, 0);
    // The alarm for second 2 still fires, for a process that is gone.
    assert.ok(result.virtualSeconds >= 2 && result.virtualSeconds < 2.01);
  });

  it("the same run gives the same result to the last instruction", () => {
    const args = ["--for", "3", "--input", "1s:button0=down", app("grants"), app("blink")];
    assert.deepEqual(json(...args).result, json(...args).result);
  });

  it("where CI is set the run ends after 60 virtual seconds and says so", () => {
    const { stdout, stderr } = run(["--json", app("blink")], { CI: "true" });
    assert.equal((JSON.parse(stdout) as RunResult).virtualSeconds, 60);
    assert.match(stderr, /60 virtual seconds/);
  });

  it("Ctrl-C ends a run with a summary", async function () {
    if (process.platform === "win32") this.skip();
    const child = spawn(process.execPath, ["out/cli/main.js", "run", app("blink")], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, CI: "" },
    });
    let stderr = "";
    child.stderr.on("data", chunk => {
      stderr += String(chunk);
    });
    child.stdout.once("data", () => child.kill("SIGINT"));
    const status = await new Promise(resolve => child.on("close", resolve));
    assert.equal(status, 0);
    assert.match(stderr, /virtual seconds, [\d,]+ instructions\n {2}blink +\w+, \d+ system calls/);
  });

  it("mistakes in arguments are one line and exit code 2", () => {
    refuses([], /expected an app/);
    refuses(["--board", "teapot", app("hello")], /no board "teapot"/);
    refuses(["--input", "teapot=1", app("hello")], /no device "teapot"/);
    refuses(["--input", "button0", app("hello")], /\[TIME:\]DEVICE=VALUE/);
    refuses(["--for", "soon", app("hello")], /virtual seconds/);
    refuses(["--kernel-config", "turbo", app("hello")], /debug_load_processes/);
    refuses(["missing.tab"], /missing\.tab/);
    refuses(["--for"], /'--for/);
    refuses(["--for", "-1", app("hello")], /'--for'/);
    refuses(["--seed", "many", app("hello")], /--seed many/);
  });

  it("a folder, an empty file, an ELF and a foreign architecture are named as what they are", () => {
    refuses(["examples"], /^tock-debug: examples: it is a folder/);
    const empty = join(folder, "empty.tab");
    writeFileSync(empty, "");
    refuses([empty], /the file is empty; expected a TAB or a TBF/);
    refuses(["examples/hello/hello.elf"], /it is an ELF/);
    const riscv = join(folder, "riscv.tab");
    const { metadata, binaries } = readTab(readFileSync(app("hello")), "hello");
    const renamed = binaries.map(({ bytes }, i) => ({
      variant: ["rv32imac", "rv32imc"][i]!,
      bytes,
    }));
    writeFileSync(riscv, writeTab(metadata, renamed));
    refuses([riscv], /holds code for rv32imac, rv32imc; the board runs cortex-m4/);
  });

  it("a bare TBF runs as well as a TAB", () => {
    const tbf = join(folder, "hello.tbf");
    const { binaries } = readTab(readFileSync(app("hello")), "hello");
    writeFileSync(tbf, binaries.find(b => b.architecture === "cortex-m4")?.bytes as Uint8Array);
    const { status, stdout } = run(["--console=apps", tbf]);
    assert.deepEqual([status, stdout], [0, "Hello, Tock!\n"]);
  });

  it("--for 0 boots and runs nothing", () => {
    const { status, result } = json("--for", "0", app("hello"));
    assert.deepEqual([status, result.instructions, result.console], [0, 0, ""]);
    assert.equal(result.processes[0]?.state, "Yielded");
  });

  it("an exit code is signed, as Tock prints it", () => {
    const tbf = join(folder, "negative.tbf");
    writeFileSync(
      tbf,
      tbfOf(program().set(0, 0).set(1, -5).halfwords(0xdf06), { name: "negative" }),
    );
    assert.equal(json(tbf).result.processes[0]?.completionCode, -5);
  });

  it("inputs of one moment keep their order, and bytes are bytes", () => {
    const inputs = ["console=a", "0:console=\\xff", "0ms:console=b"].flatMap(i => ["--input", i]);
    const { stdout } = run(["--console=apps", "--for", "1", ...inputs, app("grants")]);
    assert.match(stdout, /Typed 0x61\n.*Typed 0xff\n.*Typed 0x62\n/s);
  });

  it("a reader that has had enough ends a run that would never end", async () => {
    const child = spawn(
      process.execPath,
      ["out/cli/main.js", "run", "--input", "1s:console=list\\n", app("blink")],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, CI: "" } },
    );
    let stderr = "";
    child.stderr.on("data", chunk => {
      stderr += String(chunk);
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const [status, signal] = await new Promise<unknown[]>(resolve =>
      child.on("close", (...how) => resolve(how)),
    );
    assert.deepEqual({ status, signal, stderr }, { status: 0, signal: null, stderr: "" });
  });

  it("a fault by the process console panics as upstream's, is explained and is exit code 1", () => {
    const { status, stderr, result } = json("--input", "1s:console=fault blink\\n", app("blink"));
    assert.equal(status, 1);
    assert.match(
      result.console,
      /tock\$ fault blink\r\n\r\npanicked at .*\r\nProcess blink had a fault/s,
    );
    assert.match(
      stderr,
      /^tock-debug: blink faulted at 1\.\d+ s\. Somebody asked the kernel[^\n]*\n$/,
    );
    assert.equal(result.processes[0]?.state, "Faulted");
    assert.equal(result.processes[0]?.faults[0]?.cfsr, 0);
  });

  it("a reset by the process console boots the board again", () => {
    const { status, stdout } = run([
      "--for",
      "1.5",
      "--input",
      "1s:console=reset\\n",
      app("hello"),
    ]);
    assert.equal(status, 0);
    assert.match(stdout, /^(Init.*\nNRF52.*\nHello, Tock!\n)tock\$ reset\r\n\1tock\$ $/s);
  });

  it("a damaged app is one line and exit code 2, and the other apps run", () => {
    const tab = readFileSync(app("locals"));
    const cut = join(folder, "cut.tab");
    writeFileSync(cut, tab.subarray(0, 2500));
    const bad = join(folder, "bad.tab");
    const damaged = Buffer.from(tab);
    const at = damaged.indexOf(Buffer.from([2, 0]), 1024);
    damaged[at + 20] = (damaged[at + 20] ?? 0) ^ 0xff;
    writeFileSync(bad, damaged);
    const garbage = join(folder, "garbage.tab");
    writeFileSync(garbage, Buffer.alloc(3000, 0x5a));
    for (const file of [cut, bad, garbage]) refuses([file], /cut\.tab|bad\.tab|garbage\.tab/);
    const { status, stdout, stderr } = run([garbage, app("hello")]);
    assert.equal(status, 2);
    assert.match(stdout, /Hello, Tock!/);
    assert.match(stderr, /^tock-debug: .*garbage\.tab[^\n]*\n$/);
  });

  it("an app that finds no memory is told in upstream's words with exit code 2, and the others run", () => {
    const apps = Array.from({ length: 9 }, () => app("blink"));
    assert.equal(run(["--for", "0.1", ...apps.slice(1)]).status, 0);
    const { stderr, status } = run(["--for", "0.1", ...apps]);
    assert.equal(status, 2);
    assert.match(stderr, /^tock-debug: [^\n]+\n$/);
  });

  it("the board bare runs an image to its own exit code", () => {
    const { status, stdout } = run(["--board", "bare", "examples/bare/bare-cortex-m4.elf"]);
    assert.equal(status, 0, stdout);
  });
});
