import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RequestFailed } from "../../cli/dap-client.js";
import { chooseTbf, readTab } from "../../emulator/index.js";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

describe("a launch", () => {
  const folder = mkdtempSync(join(tmpdir(), "tock-debug-"));
  after(() => rmSync(folder, { recursive: true }));

  /** A file in the temporary folder. */
  const place = (name: string, bytes: Uint8Array | string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  };
  const tab = readFileSync(tabOf("locals"));
  const elf = readFileSync("examples/locals/locals.elf");

  async function refused(launch: object, sentence: RegExp): Promise<void> {
    const client = new Debugging();
    await client.request("initialize", { adapterID: "tock" });
    await assert.rejects(client.request("launch", launch), (error: unknown) => {
      assert.ok(error instanceof RequestFailed);
      assert.match(error.message, sentence);
      assert.doesNotMatch(error.message, /\n|fault of its own/);
      return true;
    });
  }

  /** Launches and gives what the debugger says of it, and whether the app has lines. */
  async function launched(app: unknown): Promise<{ said: string; hasSymbols: boolean }> {
    const client = new Debugging();
    await client.start({ apps: [app], stopOnEntry: true });
    await client.stopped();
    const [top] = await client.stack(1);
    return { said: client.output("console"), hasSymbols: top?.name === "main" };
  }

  it("of a missing file names it", () =>
    refused({ apps: ["/nowhere/x.tab"] }, /^\/nowhere\/x\.tab: there is no such file/));

  it("of garbage names the file and what was expected", async () => {
    await refused({ apps: [place("garbage.tab", "not a bundle")] }, /garbage\.tab/);
    await refused({ apps: [place("empty.tab", "")] }, /empty\.tab/);
    await refused({ apps: [place("cut.tab", tab.subarray(0, 1000))] }, /cut\.tab/);
  });

  it("with a wire or a fault policy that there cannot be says so", async () => {
    const launch = { apps: [tabOf("locals")] };
    await refused({ ...launch, wires: ["0:1"] }, /^wire 0:1: expected two GPIO pins such as 0-1/);
    await refused({ ...launch, wires: [1] }, /"wires\[0\]" must be text such as 0-1/);
    await refused({ ...launch, wires: ["0-9"] }, /^Wire 0-9: the board has no GPIO pin 9; it has/);
    await refused({ ...launch, faultPolicy: "ignore" }, /"faultPolicy".*panic.*stop.*restart/);
  });

  it("without a board runs an app that needs a driver the default lacks on the board that has all", async () => {
    const path = "examples/tests/proximity/proximity.tab";
    const automatic = await launched(path);
    assert.match(
      automatic.said,
      /proximity uses Proximity \(0x60005\), which nrf52840dk lacks, so it/,
    );
    assert.doesNotMatch((await launched(tabOf("locals"))).said, /lacks/);
  });

  it("can let the kernel stop or restart a process that faults", async () => {
    const launch = { apps: [tabOf("crash")], inputs: ["100ms:button0=down"] };
    for (const [faultPolicy, text] of [
      ["stop", "Process crash faulted and was stopped."],
      ["restart", "Process crash faulted and will be restarted."],
    ] as const) {
      const client = new Debugging();
      await client.start({ ...launch, wires: ["0-1"], faultPolicy });
      await client.stopped();
      await client.request("continue", { threadId: 1 });
      while (!client.output("stdout").includes(text)) await client.event("output");
      assert.doesNotMatch(client.output("stdout"), /panicked/);
    }
  });

  it("of a folder is refused", () => refused({ apps: [folder] }, /perhaps because it is a folder/));

  it("of an empty path says which one", async () => {
    await refused({ apps: [""] }, /^launch: "apps\[0\]" is empty/);
    await refused({ apps: [{ path: tabOf("locals"), elf: "" }] }, /"apps\[0\]": "elf" is empty/);
  });

  it("with a setting that the kernel has not tells so and runs", async () => {
    const client = new Debugging();
    const kernelConfig = { debug_everything: true, debug_load_processes: true };
    await client.start({ apps: [tabOf("locals")], kernelConfig });
    await client.next(["terminated"]);
    assert.match(client.output("console"), /no setting "debug_everything"/);
    assert.match(client.output("stdout"), /Loading: locals/);
    await refused(
      { apps: [tabOf("locals")], kernelConfig: { debug_load_processes: "yes" } },
      /"kernelConfig": "debug_load_processes" must be true or false, got "yes"/,
    );
  });

  it("on an unknown board lists the boards", () =>
    refused({ apps: [tabOf("locals")], board: "z80" }, /no board "z80"; there are .*nrf52840dk/));

  it("with an input for an unknown device lists the devices", () =>
    refused(
      { apps: [tabOf("locals")], inputs: ["1s:knob=3"] },
      /no device "knob".* it has console/,
    ));

  it("with an input that is none says how to write one", () =>
    refused({ apps: [tabOf("locals")], inputs: ["button0"] }, /expected \[TIME:\]DEVICE=VALUE/));

  it("of a good and a bad app runs the good one and says what is wrong with the other", async () => {
    const client = new Debugging();
    const bad = place("bad.tab", "nothing");
    await client.start({ apps: [bad, tabOf("locals")] }, { [sourceOf("locals")]: [53] });
    assert.equal((await client.stopped()).threadId, 1);
    assert.match(client.output("console"), /bad\.tab/);
  });

  it("takes a TBF as it is, with the ELF that is named", async () => {
    const { bytes } = chooseTbf(readTab(tab, "locals.tab"), "cortex-m4");
    const path = place("plain/app.tbf", bytes);
    const { said, hasSymbols } = await launched({ path, elf: "examples/locals/locals.elf" });
    assert.equal(said, "");
    assert.ok(hasSymbols);
  });

  it("finds the ELF where libtock-c builds it", async () => {
    place("c/build/cortex-m4/cortex-m4.elf", elf);
    const { hasSymbols } = await launched(place("c/build/locals.tab", tab));
    assert.ok(hasSymbols);
  });

  it("finds the ELF where libtock-rs builds it", async () => {
    place("rs/target/nrf52840dk/thumbv7em-none-eabi/release/examples/locals", elf);
    const { hasSymbols } = await launched(place("rs/locals.tab", tab));
    assert.ok(hasSymbols);
  });

  it("without an ELF runs without symbols and says so", async () => {
    const { said, hasSymbols } = await launched(place("alone/locals.tab", tab));
    assert.match(said, /^locals\.tab has no symbols: there is no locals\.elf beside it/);
    assert.ok(!hasSymbols);
  });

  it("does not trust an ELF of another build", async () => {
    const path = place("other/locals.tab", tab);
    copyFileSync("examples/grants/grants.elf", join(folder, "other", "locals.elf"));
    const { said, hasSymbols } = await launched(path);
    assert.match(said, /locals\.elf is another build than locals\.tab \(.*\), so .* no symbols/);
    assert.ok(!hasSymbols);
  });

  it("with an ELF that cannot be read runs without symbols and says why", async () => {
    place("broken/locals.elf", elf.subarray(0, 3000));
    const { said, hasSymbols } = await launched(place("broken/locals.tab", tab));
    assert.match(said, /locals\.elf.*so locals\.tab has no symbols/);
    assert.equal(said.trim().split("\n").length, 1);
    assert.ok(!hasSymbols);
  });

  it("shows an app under the name that it is given", async () => {
    const client = new Debugging();
    await client.start({ apps: [{ path: tabOf("locals"), name: "weather" }], stopOnEntry: true });
    await client.stopped();
    const { threads } = await client.request<{ threads: { name: string }[] }>("threads");
    assert.equal(threads[0]?.name, "weather (pid 0) Running");
  });

  it("keeps the names of several copies of one binary apart, in flash order", async () => {
    const client = new Debugging();
    const path = tabOf("locals");
    const apps = [{ path, name: "north" }, tabOf("grants"), { path, name: "south" }, path];
    await client.start({ apps, stopOnEntry: true });
    await client.stopped();
    const { threads } = await client.request<{ threads: { name: string }[] }>("threads");
    const names = threads.map(({ name }) => name.replace(/ \(.*/, ""));
    assert.deepEqual(names, ["north", "grants", "south", "locals"]);
  });

  it("that failed can be followed by one that works", async () => {
    const client = new Debugging();
    await client.request("initialize", {});
    await assert.rejects(client.request("launch", { apps: ["/nowhere.tab"] }), /no such file/);
    await client.request("launch", { apps: [tabOf("locals")], speed: "max" });
    await client.setBreakpoints(sourceOf("locals"), [lineOf("locals", "sleep_ms(100);")]);
    await client.request("configurationDone");
    assert.equal((await client.stopped()).reason, "breakpoint");
  });

  it("after the end of a session is refused, and so is continuing", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")], stopOnEntry: true });
    await client.stopped();
    await client.request("terminate");
    await client.event("terminated");
    await assert.rejects(client.request("continue", { threadId: 1 }), /after the session ended/);
    await assert.rejects(client.request("next", { threadId: 1 }), /after the session ended/);
  });

  it("again after a restart with other arguments takes those", async () => {
    const client = new Debugging();
    await client.start({ apps: [tabOf("locals")], stopOnEntry: true });
    await client.stopped();
    await client.request("restart", { arguments: { apps: [tabOf("grants")], stopOnEntry: true } });
    await client.stopped();
    const { threads } = await client.request<{ threads: { name: string }[] }>("threads");
    assert.match(threads[0]?.name ?? "", /^grants/);
    await assert.rejects(client.request("restart", { arguments: { apps: [] } }), /names no app/);
    assert.match(await client.where(1), /^main:/);
  });
});
