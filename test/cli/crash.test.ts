import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDumps } from "../../adapter/crash/parse.js";
import { OpenLog, Screen } from "../../cli/crash-follow.js";
import { boardConsole, HELLO, NULL_DEREFERENCE } from "../adapter/crash/board-dump.js";
import { requireTool } from "../tools.js";

const run = (args: readonly string[], input: string | Uint8Array = "") =>
  spawnSync(process.execPath, ["out/cli/main.js", ...args], {
    encoding: "utf8",
    input,
    maxBuffer: 1 << 28,
  });
/** A mistake: nothing on stdout, one line on stderr, exit code 2. */
const refuses = (args: readonly string[], message: RegExp, input?: string) => {
  const { status, stdout, stderr } = run(args, input);
  assert.equal(status, 2, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /^tock-debug: [^\n]+\n$/);
  assert.match(stderr, message);
};

let folder: string;
let log: string;
let dumpPath: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "tock-crash-"));
  log = boardConsole(HELLO, NULL_DEREFERENCE);
  dumpPath = join(folder, "serial.log");
  writeFileSync(dumpPath, log);
});
after(() => rmSync(folder, { recursive: true }));

const ELF = `examples/${NULL_DEREFERENCE}.elf`;

describe("tock-debug crash", () => {
  it("tells what happened, where in the source, and what to change", () => {
    const { status, stdout, stderr } = run(["crash", dumpPath]);
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /^null-dereference: null-dereference\n\n {2}null-dereference tried to write/,
    );
    assert.match(stdout, /^What to change$/m);
    assert.match(stdout, /^Source {2}examples\/crash\/crashes\.c:\d+$/m);
    assert.match(stdout, /^ {2}> +\d+ .*last_reading = 42;$/m);
    assert.match(stdout, /^ {2}CFSR +0x00000082 {2}MMARVALID: /m);
    assert.match(stdout, /^ {2}hello {2}Yielded/m);
    assert.ok(stdout.split("\n").every(line => line.length <= 100 && line === line.trimEnd()));
  });

  it("reads stdin, and as PowerShell writes it", () => {
    const { stdout } = run(["crash", dumpPath]);
    const noNotes = (text: string) => text.replace(/\nNotes[\s\S]*/, "");
    assert.equal(noNotes(run(["crash"], log).stdout), noNotes(stdout));
    assert.equal(noNotes(run(["crash", "-"], log).stdout), noNotes(stdout));
    for (const text of [`\ufeff${log}`, log]) {
      const utf16 = Buffer.from(text, "utf16le");
      assert.equal(noNotes(run(["crash"], utf16).stdout), noNotes(stdout));
      assert.equal(noNotes(run(["crash"], utf16.swap16()).stdout), noNotes(stdout));
    }
  });

  it("numbers the dumps of a log with several", () => {
    const { stdout } = run(["crash"], `${log}\nboot\n${log}`);
    assert.match(stdout, /^Dump 1 of 2\n\n/);
    assert.match(stdout, /\n\nDump 2 of 2\n\n/);
  });

  it("prints one JSON object with the body of each dump", () => {
    const { stdout } = run(["crash", "--json", dumpPath]);
    const { schema, dumps } = JSON.parse(stdout);
    assert.equal(schema, 1);
    assert.equal(dumps.length, 1);
    assert.equal(dumps[0].explanation.kind, "null-dereference");
    assert.equal(dumps[0].processes[0].stack.length > 0, true);
  });

  it("says of an ELF that does not fit why, and goes on without names", () => {
    const { status, stdout } = run(["crash", "--elf", "examples/crash/crash.elf", dumpPath]);
    assert.equal(status, 0);
    assert.match(
      stdout.replace(/\n +/g, " "),
      /examples\/crash\/crash\.elf is not the build of "null-dereference" in the dump: /,
    );
    assert.doesNotMatch(stdout, /crashes\.c/);
  });

  it("refuses what is no dump, no ELF, not there or too large in one sentence", () => {
    refuses(["crash", "README.md"], /README\.md: there is no crash dump in it/);
    refuses(["crash"], /stdin: there is no crash dump in it/, "boot\n");
    refuses(["crash", join(folder, "none.log")], /there is no such file/);
    refuses(["crash", "--elf", "README.md", dumpPath], /README\.md/);
    refuses(["crash", "--kernel", "README.md", dumpPath], /README\.md/);
    refuses(["crash", "a", "b"], /b: expected one dump/);
    refuses(["crash", "--follow", dumpPath], /--follow reads stdin/);
    const large = join(folder, "large.log");
    writeFileSync(large, "");
    truncateSync(large, 100 * 1024 * 1024);
    refuses(["crash", large], /large\.log: it has 104857600 bytes; expected at most/);
  });

  it("shows nothing of a hostile name that a terminal would act on", () => {
    const evil = "\x1b]0;owned\x07\u009b2J\u202e<img src=x onerror=alert(1)>$(id)";
    const text = log.replaceAll("null-dereference", evil).replaceAll("hello", "x".repeat(10_000));
    for (const args of [["crash"], ["crash", "--json"], ["crash", "--follow"]]) {
      const { status, stdout, stderr } = run(args, text);
      assert.equal(status, 0, stderr);
      const acting = /(?![\n\t])\p{Cc}|[\u202a-\u202e]/u;
      const explained = args.includes("--follow")
        ? stdout.slice(stdout.indexOf("What to"))
        : stdout;
      assert.doesNotMatch(explained, acting);
      assert.ok(!stdout.includes("\x1b]"));
      if (args.length === 1) assert.ok(stdout.split("\n").every(line => line.length < 200));
    }
  });
});

describe("tock-debug crash --follow", () => {
  it("passes the log through and explains a dump while the log goes on", async () => {
    const child = spawn(process.execPath, ["out/cli/main.js", "crash", "--follow", "--elf", ELF]);
    let shown = "";
    child.stdout.setEncoding("utf8").on("data", text => {
      shown += text;
    });
    const until = async (text: string) => {
      while (!shown.includes(text)) await new Promise(resolve => setTimeout(resolve, 20));
    };
    const middle = log.indexOf("  R0 :") + 100;
    child.stdin.write(log.slice(0, middle));
    await until("  R0 :");
    assert.doesNotMatch(shown, /What to change/);
    child.stdin.write(log.slice(middle));
    await until("Other processes");
    assert.ok(shown.includes(log));
    child.stdin.write("boot again\n");
    await until("boot again");
    child.stdin.end(log);
    const code = await new Promise(resolve => child.on("close", resolve));
    assert.equal(code, 0);
    assert.equal(shown.match(/^What to change$/gm)?.length, 2);
  });

  it("with --json prints a line for each dump and nothing else", () => {
    const { stdout } = run(["crash", "--follow", "--json"], `boot\n${log}boot\nboot\n${log}`);
    const lines = stdout.trimEnd().split("\n");
    assert.equal(lines.length, 2);
    for (const line of lines) assert.equal(JSON.parse(line).explanation.kind, "null-dereference");
  });

  it("keeps no more of a log without dumps than its end", () => {
    const open = new OpenLog();
    for (let i = 0; i < 1000; i++) {
      open.add("tick tick tick\n".repeat(100));
      assert.deepEqual(open.take(false), []);
      assert.equal(open.isOpen, false);
    }
    for (const piece of log.match(/[\s\S]{1,50}/g) ?? []) {
      open.add(piece);
      assert.deepEqual(open.take(false), []);
    }
    assert.equal(open.isOpen, true);
    open.add("boot\nboot\nboot\n");
    assert.equal(open.take(false).length, 1);
    assert.equal(open.isOpen, false);
  });

  it("gives a dump that goes on after a pause as a whole, and none twice", () => {
    const middle = log.indexOf("  R0 :") + 8;
    const open = new OpenLog();
    open.add(log.slice(0, middle));
    const [begun] = open.take(true);
    assert.equal(begun?.[1].report.processes.length, 1);
    assert.equal(open.isOpen, false);
    open.add(log.slice(middle, middle + 99));
    assert.deepEqual(open.take(false), []);
    open.add(log.slice(middle + 99));
    assert.deepEqual(open.take(false), []);
    assert.equal(open.isOpen, true);
    const [[, whole] = []] = open.take(true);
    assert.deepEqual(whole?.report, parseDumps(log).dumps[0]?.report);
    open.add("boot\nboot\nboot\n");
    assert.deepEqual(open.take(false), []);
    open.add(log);
    assert.deepEqual(open.take(true)[0]?.[1].report, whole?.report);
    assert.deepEqual(open.take(true), []);
  });

  it("lets colours pass and no other command to the terminal, wherever the pieces end", () => {
    const sent = "a\x1b[1;31mred\x1b[0m\x1b]52;c;aGk=\x07b\x1b[2Jc\u009b5md\r\n";
    for (let at = 0; at <= sent.length; at++) {
      const screen = new Screen();
      assert.equal(
        screen.shown(sent.slice(0, at)) + screen.shown(sent.slice(at)),
        "a\x1b[1;31mred\x1b[0m]52;c;aGk=b[2Jc5md\r\n",
      );
    }
  });
});

describe("tock-debug lst", () => {
  const pc = () => /^ {2}PC : 0x(\w{8})/m.exec(log.slice(log.indexOf("[Faulted]")))?.[1] ?? "";

  it("shows the source and the instruction at the program counter of the dump", () => {
    const { status, stdout, stderr } = run(["lst", "--dump", dumpPath]);
    assert.equal(status, 0, stderr);
    const at = stdout.indexOf(`\n  ${pc().toLowerCase()}:`);
    assert.ok(at > 0);
    assert.match(stdout.slice(at).split("\n", 2)[1] ?? "", /: +\w{4} +str +r\d/);
    const before = stdout
      .slice(0, at)
      .split("\n")
      .filter(line => /^ {1,4}\d+ {2}/.test(line));
    assert.match(before.at(-1) ?? "", /last_reading = 42;/);
    assert.match(stdout, /^\w{8} <last_reading>: 4 bytes$/m);
  });

  it("gives the same listing by the addresses that stand at the end of the dump", () => {
    const crashed = log.slice(log.indexOf("[Faulted]"));
    const [, ram = "", flash = ""] = /RAM_START=(\w+) FLASH_INIT=(\w+)/.exec(crashed) ?? [];
    const { stdout } = run(["lst", "--ram-start", ram, "--flash-init", flash, ELF]);
    assert.equal(stdout, run(["lst", "--dump", dumpPath, ELF]).stdout);
    assert.notEqual(stdout, run(["lst", "--dump", dumpPath, "--process", "hello"]).stdout);
  });

  it("divides the code into the instructions and data that objdump does", function () {
    const objdump = requireTool(this, "arm-none-eabi-objdump");
    const { stdout } = spawnSync(objdump, ["-d", "-z", ELF], { encoding: "utf8" });
    const crashed = log.slice(log.indexOf("[Faulted]"));
    const start = Number(
      /^ {2}(0x\w{8}) .* A\r$/m.exec(crashed.slice(crashed.indexOf("App Flash")))?.[1],
    );
    /** Where each line of code is and how many bytes it has. */
    const places = (text: string, low: number) =>
      [
        ...text.matchAll(/^ {0,2}([0-9a-f]{8}):\s+([0-9a-f]{4}(?: [0-9a-f]{4})?)\s{2,}[a-z<]/gm),
      ].map(match => [
        Number.parseInt(match[1] ?? "", 16) - low,
        (match[2] ?? "").replaceAll(" ", "").length / 2,
      ]);
    const ours = run(["lst", "--dump", dumpPath]).stdout;
    const code = ours.slice(ours.indexOf("Section .text"), ours.indexOf("Section .stack"));
    const found = places(code, start);
    assert.ok(found.length > 500);
    assert.deepEqual(found, places(stdout, 0x80000000));
  });

  it("refuses an app that it cannot place in one sentence", () => {
    refuses(["lst"], /expected an app's ELF or --dump/);
    refuses(["lst", ELF], /position-independent; give --ram-start and --flash-init/);
    refuses(["lst", "--ram-start", "x", ELF], /--ram-start x: expected a whole number/);
    refuses(
      ["lst", "--dump", dumpPath, "examples/crash/crash.elf"],
      /is not the build of "null-dereference"/,
    );
    refuses(
      ["lst", "--dump", dumpPath, "--process", "none"],
      /the dump has null-dereference, hello/,
    );
    const mips = join(folder, "mips.elf");
    const bytes = readFileSync(ELF);
    bytes.writeUInt16LE(8, 18);
    writeFileSync(mips, bytes);
    refuses(["lst", mips], /mips\.elf: there is no disassembler for its processor here/);
    refuses(["lst", "--dump", "README.md"], /there is no crash dump in it/);
    refuses(["lst", "--ram-start", "1", "--flash-init", "0", ELF], /expected a larger address/);
  });
});

describe("tock-debug gdb-script", () => {
  it("makes gdb know code and data of every app where they ran", function () {
    const gdb = requireTool(this, "gdb-multiarch");
    const { status, stdout, stderr } = run(["gdb-script", "--dump", dumpPath]);
    assert.equal(status, 0, stderr);
    const script = join(folder, "apps.gdb");
    writeFileSync(script, stdout);
    const crashed = log.slice(log.indexOf("[Faulted]"));
    const pc = /^ {2}PC : (0x\w{8})/m.exec(crashed)?.[1] ?? "";
    const other = /^ {2}PC : (0x\w{8})/m.exec(log)?.[1] ?? "";
    const ram = Number(/RAM_START=(\w+)/.exec(crashed)?.[1]);
    const ask = (...questions: string[]) =>
      spawnSync(
        gdb,
        ["-nx", "-batch", "-x", script, ...questions.flatMap(question => ["-ex", question])],
        { encoding: "utf8" },
      ).stdout;
    const source = readFileSync("examples/crash/crashes.c", "utf8").split("\n");
    const line = source.findIndex(text => text.includes("last_reading = 42")) + 1;
    const answer = ask(`info line *${pc}`, "print &last_reading", `info line *${other}`);
    assert.match(
      answer,
      new RegExp(`Line ${line} of "examples/crash/crashes\\.c" starts at address`),
    );
    assert.match(answer, /of "examples\/libtock-mini\/tock\.c" starts at address/);
    const address = Number(/\) (0x2000\w+) <last_reading>/.exec(answer)?.[1]);
    assert.ok(address > ram && address < ram + 0x1000, answer);
  });

  it("refuses a dump without known apps in one sentence, and says what was not found", () => {
    const path = "test/golden/transcripts/nrf52840dk_x_f_null.txt";
    const { status, stdout, stderr } = run(["gdb-script", "--dump", path]);
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /no ELF of its apps is known/);
    refuses(["gdb-script"], /expected --dump DUMP/);
  });
});
