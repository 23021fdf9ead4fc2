// What real kernels printed, against what ours prints in the same state. Addresses, counters and registers are set
// apart; texts, layout, sizes and states are not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ErrorCode, nrf52840dk, type TraceEvent } from "../../emulator/index.js";
import { consoleApp, firstApp, helloApp, idleApp, type Recorded } from "./recorded-apps.js";

const transcript = (name: string): string =>
  readFileSync(`test/golden/transcripts/${name}.txt`, "utf8");

/** Sets apart what depends on the app's code, on addresses and on time; columns keep their widths. */
const setApart = (text: string): string =>
  text
    .replace(/arch\.0x\w+\.0x\w+/g, "arch.#")
    .replace(/0x[0-9A-F]{8}/g, "0x########")
    .replace(/: 0x[0-9a-f]{8}(?=[ \r])/g, ": 0x#")
    .replace(/(Syscall Count|Timeslice expirations): \d+/g, "$1: #")
    .replace(
      /^( \d+ +Unique {5}.{20})[ \d]{6}([ \d]{10})[ \d]{10} /gm,
      (_, name: string) => `${name} quanta syscalls restarts`,
    )
    .replace(/Stack +\d+ (?=.* EXCEEDED!)/g, "Stack # ")
    .replace(/(APSR:|GE).*/g, "$1");

/** The same for another board: sizes and the number of grants are its own. */
const sizesApart = (text: string): string =>
  setApart(text)
    .replace(/(?<=│ [^\d\n]*)( *\d+)( \| +\d+)?/g, size => "#".repeat(size.length))
    .replace(/\d+\/ ?\d+/g, "#/#");

interface Session {
  apps: Uint8Array[];
  /** Lines typed after so many virtual milliseconds. */
  typed?: readonly (readonly [ms: number, text: string])[];
  ms: number;
}

/** Runs a session on our kernel: what the kernel and its process console sent, what each app sent, and all events. */
function session({ apps, typed = [], ms }: Session) {
  const events: TraceEvent[] = [];
  const { machine, unbuiltDrivers } = nrf52840dk.build({ apps, listen: e => events.push(e) });
  const msCycles = machine.clock.frequency / 1000;
  const runTo = (cycle: number) => {
    while (machine.clock.now < cycle) {
      const { reason } = machine.run(cycle);
      if (reason === "halted") return;
      if (reason === "idle") machine.sleepUntil(cycle);
    }
  };
  for (const [at, text] of typed) {
    runTo(at * msCycles);
    machine.input("console", text);
  }
  runTo(ms * msCycles);
  const sent = (wanted: (process: number | undefined) => boolean): string =>
    new TextDecoder().decode(
      Uint8Array.from(
        events.flatMap(e =>
          e.type === "uart" && wanted(e.origin.from === "process" ? e.origin.process : undefined)
            ? [...e.bytes]
            : [],
        ),
      ),
    );
  return {
    kernel: sent(process => process === undefined),
    app: (index: number) => sent(process => process === index),
    events,
    unbuiltDrivers,
  };
}

/** A transcript without what its apps printed, which may stand in the middle of a line of the kernel's. */
const withoutApps = (text: string): string =>
  text
    .replace(/\[hello\] count=\d+ ticks=/g, "")
    .replace(/Ok\(\d+\)\n/g, "")
    .replace(/\[echo\] 4 Ok\(\(\)\) \[\d+, \d+, |\d+, \d+\]\n/g, "")
    .replace(
      /\[cmd\] driver=\S+ cmd=\d+ -> (true|false) (None\n|Some)|\((NODEVICE|NOSUPPORT)\)\n/g,
      "",
    )
    .replace(/\[\w+\] [^\r\n]*\n|Hello world!\n/g, "");

const faults = {
  x_f_null: () => firstApp("x_f_null", "[null] about to fault\n", a => a.set(0, 0).store(1, 0)),
  x_f_stack: () =>
    // push {r0-r7, lr}
    firstApp(
      "x_f_stack",
      "[stack] recursing\n",
      a => a.label("again").halfwords(0xb5ff).branch("again"),
      8192,
    ),
  x_f_wflash: () => firstApp("x_f_wflash", "[wflash] store\n", a => a.set(0, 0x40100).store(1, 0)),
};

describe("a recorded nrf52840dk", () => {
  for (const [name, app] of Object.entries(faults))
    it(`whose app ${name} faults prints what ours prints`, () => {
      const expected = withoutApps(transcript(`nrf52840dk_${name}`));
      assert.equal(
        setApart(session({ apps: [app(), idleApp()], ms: 500 }).kernel),
        setApart(expected),
      );
    });

  it("with the release 2.2 differs in its banner, a size, and how it names a null upcall and a yield", () => {
    const expected = withoutApps(transcript("nrf52840dk-2.2_x_f_null"))
      .replace(/\r\n---\| No debug queue found.*\r\n/, "")
      .replace(/panicked at .*\r?\n/, "panicked at kernel/src/process_standard.rs:753:17:\r\n")
      .replace(
        "appdata: CapabilityPtr { ptr: 0x0 } }",
        "appdata: MachineRegister { value: CapabilityPtr { ptr: 0x0 } } }",
      )
      .replace(/Yield \{ which: 1, param_a: \d+, param_b: \d+ \}/, "Yield { yield_type: Wait }")
      .replace(/Kernel version .*/, "Kernel version 2.3.0-dev1");
    const { kernel } = session({ apps: [faults.x_f_null(), idleApp()], ms: 500 });
    assert.equal(sizesApart(kernel), sizesApart(expected));
  });

  it("where three apps run and all commands are typed prints what ours prints", () => {
    const [expected = ""] = transcript("nrf52840dk_three_apps").split("\n[sim: reset]\n");
    const commands = [...withoutApps(expected).matchAll(/tock\$ (.+)\r\n/g)].map(m => m[1]);
    assert.equal(commands.length, 9);
    const typed = commands.map((command, i) => [1000 + 1000 * i, `${command}\n`] as const);
    // Its board was reset: what comes then is another boot.
    const ours = session({ apps: [helloApp(), idleApp(), consoleApp()], typed, ms: 10_000 }).kernel;
    const [beforeReset, afterReset] = ours.split(/(?<=tock\$ reset\r\n)/) as [string, string];
    assert.equal(setApart(beforeReset), setApart(withoutApps(expected)));
    assert.equal(afterReset, ours.slice(0, afterReset.length));
  });

  it("whose app calls drivers that are there and drivers that are not returns what ours returns", () => {
    const expected = transcript("nrf52840dk_x_cmds");
    const lines = expected.replace("tock$ ", "").match(/\[cmd\] driver.*/g) ?? [];
    const calls = lines.map(line =>
      line
        .match(/driver=(\S+) cmd=(\d+)/)
        ?.slice(1)
        .map(Number),
    );
    assert.equal(calls.length, 12);
    const app = firstApp("x_cmds", "[cmd] memop?\n", a => {
      for (const [driver, command] of calls as [number, number][]) a.command(driver, command);
      return a.exit(0);
    });
    const typed = [[200, "list\n"]] as const;
    const { kernel, events, unbuiltDrivers } = session({ apps: [app, idleApp()], typed, ms: 500 });
    assert.equal(setApart(kernel), setApart(withoutApps(expected)));
    const returned = events.flatMap(e =>
      e.type === "syscall" && e.process === 0 && e.syscallClass === 2 ? [e] : [],
    );
    // The first command is that of the print.
    returned.slice(1).forEach(({ arguments: [driver, command], returned: values }, i) => {
      if (unbuiltDrivers.includes(driver)) return;
      const [variant, code] = values ?? [];
      const error = Object.entries(ErrorCode).find(([, value]) => value === code)?.[0];
      const text = `${variant === 128} ${variant === 0 ? `Some(${error})` : "None"}`;
      assert.equal(`[cmd] driver=0x${driver.toString(16)} cmd=${command} -> ${text}`, lines[i]);
    });
  });

  it("whose app reads what is typed on the process console, too, prints what ours prints", () => {
    const expected = transcript("nrf52840dk_x_echo");
    const app = firstApp("x_echo", "[echo] type 4 characters\n", a => a.read(4).read(4).spin());
    const typed = [
      [200, "abcd\n"],
      [400, "list\n"],
    ] as const;
    const { kernel, app: printed } = session({ apps: [app, idleApp()], typed, ms: 800 });
    assert.equal(setApart(kernel), setApart(withoutApps(expected)));
    assert.equal(printed(0), "[echo] type 4 characters\n");
  });

  for (const [name, line, state, end] of [
    [
      "x_panic",
      "[panic] about to panic\n",
      "Terminated",
      (a: Recorded) => a.command(8, 1, 1).exit(1),
    ],
    ["x_spin", "[spin] busy loop\n", "Running", (a: Recorded) => a.spin()],
  ] as const)
    it(`whose app ${name} is ${state} prints what ours prints`, () => {
      const expected = transcript(`nrf52840dk_${name.replace("x_spin", "spin")}`);
      const apps = [firstApp(name, line, end), idleApp()];
      const ours = session({ apps, typed: [[200, "list\n"]], ms: 500 });
      assert.equal(setApart(ours.kernel), setApart(withoutApps(expected)));
      assert.ok(expected.includes(ours.app(0)) && expected.includes(ours.app(1)));
    });
});

/** What a RISC-V board says of its CPU, its protection and its own boot. */
const withoutIsa = (text: string): string =>
  text
    .slice(text.indexOf("tock$ ") < 0 ? text.indexOf("\r\npanicked") : text.indexOf("tock$ "))
    .replace(/\r\n---\| (RISC-V Machine State|Cortex-M Fault Status)[\s\S]*?(?=\r\n---\| App)/, "")
    .replace(/\r\n {1,2}R0 :[\s\S]*?\r\n(?=\r\n*To debug)/g, "");

const HELLO_COUNTS = 3;

describe("a recorded RISC-V board", () => {
  for (const name of ["x_f_null", "x_f_stack"] as const)
    it(`whose app ${name} faults prints what ours prints but for the CPU`, () => {
      const expected = withoutIsa(withoutApps(transcript(`rv32_${name}`)));
      const ours = withoutIsa(session({ apps: [faults[name](), idleApp()], ms: 500 }).kernel);
      assert.equal(sizesApart(ours), sizesApart(expected));
    });

  for (const name of ["console_commands", "panic_cmd", "three_apps"])
    it(`in ${name} answers every command as ours`, () => {
      const expected = withoutIsa(withoutApps(transcript(`rv32_${name}`)));
      const lines = [...expected.matchAll(/(?:tock\$ |(?<=reactivate\.\r\n))(.*)\r\n/g)].map(
        m => m[1],
      );
      const typed = lines.map((line, i) => [1000 + 1000 * i, `${line}\n`] as const);
      const apps = name === "three_apps" ? [helloApp()] : [];
      const ours = session({
        apps: [...apps, idleApp(), consoleApp()],
        typed,
        ms: 1000 * (lines.length + HELLO_COUNTS),
      });
      assert.equal(sizesApart(withoutIsa(ours.kernel)), sizesApart(expected));
    });
});
