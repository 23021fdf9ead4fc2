// From launch to the first stop with its stack and locals: our debugger over examples/locals against
// qemu-system-arm with gdb-multiarch over the same C program built bare, in turns.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { nodeHost } from "../adapter/host.node.js";
import { Session } from "../adapter/session.js";
import { DapClient, inlineChannel, streamChannel } from "../cli/dap-client.js";
import { isInstalled, type Measurement, median } from "./measurement.js";

const PAIRS = 15;
const TOOLS = ["arm-none-eabi-gcc", "qemu-system-arm", "gdb-multiarch"];
const SOURCE = resolve("examples/locals/main.c").replaceAll("\\", "/");
const APP = resolve("examples/locals/locals.tab").replaceAll("\\", "/");
/** In `insert`, at its first call, where the local `fresh` is in scope. */
const LINE = 56;

/** Builds examples/locals/main.c with its own flags for a bare Cortex-M4. */
function buildBareLocals(folder: string): string {
  const output = join(folder, "locals.elf");
  const options = "-mcpu=cortex-m4 -mthumb -O0 -gdwarf-5 -std=gnu17 -ffreestanding -nostdlib";
  execFileSync("arm-none-eabi-gcc", [
    ...options.split(" "),
    "-Iexamples/libtock-mini",
    "-Wl,--defsym,flash_origin=0",
    ...["-T", "examples/bare/bare.ld", "bench/bare-locals.c", "examples/locals/main.c"],
    ...["-o", output],
  ]);
  return output;
}

/** Milliseconds that `work` takes. */
async function time(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** gdb starts qemu itself and talks to it over a pipe, which is the quickest way there is. */
function peer(elf: string): Promise<void> {
  const qemu = `qemu-system-arm -M mps2-an386 -display none -S -gdb stdio -kernel ${elf}`;
  const commands = [
    `target remote | exec ${qemu}`,
    `break main.c:${LINE}`,
    "continue",
    "backtrace",
    "info locals",
    "kill",
  ];
  const args = ["--batch", "-nx", ...commands.flatMap(c => ["-ex", c]), elf];
  return new Promise((done, failed) => {
    const gdb = spawn("gdb-multiarch", args, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    gdb.stdout.on("data", (chunk: Buffer) => (text += chunk));
    gdb.stderr.on("data", (chunk: Buffer) => (text += chunk));
    gdb.on("close", () => {
      if (/#1 .* in main/.test(text) && /fresh = /.test(text)) done();
      else failed(new Error(`gdb did not get to the breakpoint:\n${text}`));
    });
  });
}

/** The launch of one session, to its first stop with stack and locals. */
async function launch(client: DapClient): Promise<void> {
  await client.request("launch", { apps: [APP], speed: "max" });
  await client.event("initialized");
  await client.request("setBreakpoints", {
    source: { path: SOURCE },
    breakpoints: [{ line: LINE }],
  });
  await client.request("configurationDone");
  const { threadId } = await client.stopped();
  const { stackFrames } = await client.request<DebugProtocol.StackTraceResponse["body"]>(
    "stackTrace",
    { threadId },
  );
  const { scopes } = await client.request<DebugProtocol.ScopesResponse["body"]>("scopes", {
    frameId: stackFrames[0]?.id,
  });
  const { variables } = await client.request<DebugProtocol.VariablesResponse["body"]>("variables", {
    variablesReference: scopes[0]?.variablesReference,
  });
  if (stackFrames[1]?.name !== "main" || !variables.some(v => v.name === "fresh"))
    throw new Error("our debugger did not get to the breakpoint");
}

async function inProcess(): Promise<number> {
  const client = new DapClient(inlineChannel(new Session(nodeHost)));
  await client.request("initialize", { adapterID: "tock" });
  const taken = await time(() => launch(client));
  await client.request("disconnect");
  return taken;
}

/** A fresh program: from its start, and from the launch request. */
async function spawned(): Promise<{ whole: number; launch: number }> {
  let fromLaunch = 0;
  let client: DapClient | undefined;
  const whole = await time(async () => {
    const args = ["out/cli/main.js", "dap"];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    client = new DapClient(streamChannel(child.stdout, child.stdin));
    const adapter = client;
    await adapter.request("initialize", { adapterID: "tock" });
    fromLaunch = await time(() => launch(adapter));
  });
  await client?.request("disconnect");
  return { whole, launch: fromLaunch };
}

const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;

export async function benchLaunch(): Promise<Measurement[]> {
  const missing = TOOLS.filter(tool => !isInstalled(tool));
  if (missing.length > 0) {
    return [{ what: "launch to first stop", value: `skipped: no ${missing.join(", no ")}` }];
  }
  const folder = mkdtempSync(join(tmpdir(), "tock-debug-bench-"));
  try {
    return await compare(buildBareLocals(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(elf: string): Promise<Measurement[]> {
  const ours: { whole: number; launch: number }[] = [];
  const warm: number[] = [];
  const theirs: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    ours.push(await spawned());
    theirs.push(await time(() => peer(elf)));
    warm.push(await inProcess());
  }
  const [launched, whole, again, gdb] = [
    ours.map(o => o.launch),
    ours.map(o => o.whole),
    warm,
    theirs,
  ].map(median) as [number, number, number, number];
  const ratio = launched / gdb;
  return [
    { what: "launch to first stop, gdb with qemu", value: milliseconds(gdb) },
    { what: "launch to first stop, fresh adapter", value: milliseconds(launched) },
    { what: "  with the start of Node", value: milliseconds(whole) },
    { what: "  in a program that has launched before", value: milliseconds(again) },
    {
      what: "launch to first stop / gdb with qemu",
      value: ratio.toFixed(2),
      target: "≤ 1.00",
      met: ratio <= 1,
    },
  ];
}
