// Every byte of the console, the sentences on stderr and the exit code of whole runs.
import { spawnSync } from "node:child_process";
import { assertGolden } from "./golden.js";

const app = (name: string) => `examples/${name}/${name}.tab`;

const runs: Readonly<Record<string, readonly string[]>> = {
  hello: [app("hello")],
  "three-apps": ["--for", "2", app("hello"), app("blink"), app("locals")],
  locals: ["--console=apps", app("locals")],
  "grants-inputs": [
    ...["--input", "0.5s:button1=down", "--input", "0.7s:button1=up", "--input", "1.2s:console=q"],
    app("grants"),
  ],
  "null-store": ["--input", "console=n", app("crash")],
  "stack-overflow": ["--input", "0.1s:button1=down", app("crash")],
  "process-console": [
    ...["--input", "1s:console=list\\n", "--input", "2s:console=status\\n"],
    ...["--input", "3s:console=process blink\\n", "--input", "4s:console=stop blink\\n"],
    ...["--input", "5s:console=list\\n", "--for", "6"],
    ...[app("blink"), app("hello")],
  ],
  "ipc-trio": [
    ...["--console=apps", "--for", "2", "--board", "nrf52840dk"],
    ...["ipc_rng", "ipc_led", "ipc_logic"].map(name => `examples/ipc/${name}/${name}.tab`),
  ],
  loader: ["--board", "nrf52840dk-test-dynamic-app-load", "--for", "6", app("loader")],
  "loader-texts": [
    ...["--board", "nrf52840dk-test-dynamic-app-load"],
    ...["--kernel-config", "debug_load_processes", "--for", "1"],
    app("loader"),
  ],
  "loading-texts": [
    ...["--kernel-config", "debug_load_processes", "--for", "1"],
    ...[app("hello"), app("blink")],
  ],
};

describe("console of whole runs", () => {
  for (const [name, args] of Object.entries(runs)) {
    it(`${name}: ${args.join(" ")}`, () => {
      const { CI: _, ...env } = process.env;
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ["out/cli/main.js", "run", ...args],
        { encoding: "utf8", env },
      );
      // Carriage returns are shown, so that a text editor does not lose them.
      const shown = stdout.replaceAll("\r", "␍");
      assertGolden(
        `test/golden/console/${name}.txt`,
        `$ tock-debug run ${args.join(" ")}\n${shown}\n--- stderr\n${stderr}--- exit code ${status}\n`,
      );
    });
  }
});
