#!/usr/bin/env node
// `tock-debug VERB …`. Exit code 0; 1 if a process faulted (run) or an app differs (apps); 2 with one line on stderr
// for a bad file or argument.
import { UserError } from "../emulator/index.js";
import { columns, complain } from "./text.js";
import { helpOf, readArguments, type Verb } from "./verb.js";

/** To add a verb, add its line: the module exports `verb`. */
const verbs: Readonly<Record<string, () => Promise<{ verb: Verb }>>> = {
  run: () => import("./run.js"),
  console: () => import("./console.js"),
  crash: () => import("./crash.js"),
  lst: () => import("./lst.js"),
  "gdb-script": () => import("./gdb-script.js"),
  inspect: () => import("./inspect.js"),
  boards: () => import("./boards.js"),
  pack: () => import("./pack.js"),
  apps: () => import("./apps.js"),
  test: () => import("./test.js"),
  dap: () => import("./dap.js"),
  tour: () => import("./tour.js"),
};

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name.startsWith("-")) return overview(name);
  const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (load === undefined)
    throw new UserError(
      `"${name}" is no verb; expected ${Object.keys(verbs).join(", ")}. See tock-debug --help.`,
    );
  const { verb } = await load();
  const options = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : rest.length);
  if (options.includes("--help") || options.includes("-h")) {
    console.log(helpOf(name, verb));
    return 0;
  }
  return verb.run(readArguments(name, verb, rest));
}

async function overview(asked: string | undefined): Promise<number> {
  if (asked !== undefined && !["help", "--help", "-h"].includes(asked))
    throw new UserError(`${asked}: expected a verb first. See tock-debug --help.`);
  const rows = await Promise.all(
    Object.entries(verbs).map(async ([name, load]) => [name, (await load()).verb.summary]),
  );
  console.log(
    `Runs and debugs Tock apps on an emulated board.\n\nUsage: tock-debug VERB [ARGUMENT]…\n\nVerbs:\n${columns(rows)}\n\n` +
      "tock-debug VERB --help tells more of one.",
  );
  return 0;
}

// A reader that has had enough, such as `head`, is no mistake.
process.stdout.on("error", error => {
  if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  process.exit(0);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  complain(error.message);
  process.exitCode = 2;
}
