import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { refuse, requireTool } from "../tools.js";

const app = (name: string) => `examples/${name}/${name}.tab`;
const PROMPT = "tock$ ";

/** Runs the terminal with piped input. */
function terminal(input: string, ...args: string[]) {
  const { CI: _, ...env } = process.env;
  return spawnSync(process.execPath, ["out/cli/main.js", "console", ...args], {
    encoding: "utf8",
    input,
    env,
  });
}

describe("tock-debug console", () => {
  it("types what is piped into it, and ends when the board has nothing left to do", () => {
    const { stdout, stderr, status } = terminal(
      "list\n",
      "nrf52840dk",
      app("hello"),
      "--speed=max",
    );
    assert.match(stdout, /Hello, Tock!\n/);
    assert.match(
      stdout,
      /tock\$ list\r\n PID .*\r\n 0 {6}Unique {5}hello .* Terminated\r\ntock\$ $/,
    );
    assert.equal(stderr, "");
    assert.equal(status, 0);
  });

  it("keeps real time unless told otherwise", () => {
    const start = performance.now();
    const args = ["nrf52840dk", app("blink"), "--for=1.5"];
    terminal("", ...args);
    const slow = performance.now() - start;
    assert.ok(slow >= 1500, `${slow} ms`);
    terminal("", ...args, "--speed=max");
    assert.ok(performance.now() - start - slow < slow);
  });

  it("tells of a fault in one sentence beside the kernel's dump, and ends when the kernel has panicked", () => {
    const args = ["nrf52840dk", app("crash"), "--speed=max", "--input=0.1s:button0=down"];
    const { stdout, stderr, status } = terminal("", ...args);
    assert.match(stdout, /panicked at kernel\/src\/process_standard\.rs/);
    assert.match(stderr, /^tock-debug: crash faulted at 0\.1\d* s\. .*\n$/);
    assert.equal(status, 0);
  });

  it("resets the board on request", () => {
    const { stdout } = terminal("reset\n", "nrf52840dk", app("hello"), "--speed=max");
    assert.equal(stdout.split("Hello, Tock!\n").length, 3);
  });

  it("on a terminal echoes each key as the board does, and leaves at Ctrl-]", async function () {
    if (process.platform !== "linux") refuse(this, "script takes other arguments here");
    const script = requireTool(this, "script");
    const command = `${process.execPath} out/cli/main.js console nrf52840dk ${app("blink")}`;
    const child = spawn(script, ["-qec", command, "/dev/null"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", chunk => (text += chunk));
    const until = async (end: string) => {
      while (!text.endsWith(end)) await once(child.stdout, "data");
    };
    await until(PROMPT);
    text = "";
    // A backspace on the way shows that the terminal hands keys over one by one.
    child.stdin.write("stax\x7ftus\r");
    await until(PROMPT);
    assert.match(text, /Total processes: 1\r+\n/);
    child.stdin.write("\x1d");
    const [code] = await once(child, "close");
    assert.equal(code, 0);
  });

  it("refuses an unknown board, an unknown speed, and to run without an app", () => {
    const refusal = (...args: string[]) => {
      const { stderr, status } = terminal("", ...args);
      assert.equal(status, 2);
      return stderr;
    };
    assert.match(refusal("z80", app("hello")), /no board "z80"; there are nrf52840dk/);
    assert.match(refusal("nrf52840dk", app("hello"), "--speed=slow"), /expected realtime or max/);
    assert.match(refusal("nrf52840dk"), /expected a board and its apps/);
    assert.match(refusal("nrf52840dk", "nothing.tab"), /nothing\.tab: there is no such file/);
  });
});
