// tockloader as commands use it: its command lines, and what its output says in one sentence (tockloader/main.py, display.py).
import type { AppChange, AppOnBoard } from "./board.js";

const verbs: Readonly<Record<AppChange, string>> = {
  uninstall: "uninstall",
  enable: "enable-app",
  disable: "disable-app",
  sticky: "sticky-app",
  unsticky: "unsticky-app",
};

export type Wanted =
  | { do: "install" | "update"; path: string }
  | { do: AppChange; app: string }
  | { do: "erase-apps" | "info" | "list" | "listen" };

/** The words after `tockloader`; `more` are the user's own, such as `--jlink`. */
export function argumentsOf(wanted: Wanted, more: readonly string[]): string[] {
  switch (wanted.do) {
    case "install":
    case "update":
      return [wanted.do, ...more, wanted.path];
    case "list":
      return ["list", ...more, "--output-format", "json"];
    case "erase-apps":
    case "info":
    case "listen":
      return [wanted.do, ...more];
    default:
      return [verbs[wanted.do], ...more, wanted.app];
  }
}

/** The apps that `list --output-format json` prints; padding has no name. */
export function appsIn(output: string): AppOnBoard[] {
  const { apps } = parsed(output) as { apps?: unknown };
  if (!Array.isArray(apps)) return [];
  return apps.flatMap((app: Partial<Record<keyof AppOnBoard, unknown>>) => {
    const { name, address, size, enabled, sticky } = app ?? {};
    if (typeof name !== "string" || name === "") return [];
    return {
      name,
      ...(typeof address === "number" && { address }),
      ...(typeof size === "number" && { size }),
      ...(typeof enabled === "boolean" && { enabled }),
      ...(typeof sticky === "boolean" && { sticky }),
    };
  });
}

/** The object in what a program prints; an empty one if there is none. */
function parsed(output: string): object {
  try {
    const value: unknown = JSON.parse(
      output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1),
    );
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // Not JSON: another version of tockloader.
    return {};
  }
}

export interface Ended {
  /** `undefined`: there is no such program. */
  code: number | undefined;
  output: string;
  /** The log. */
  errors: string;
}

export const missing =
  'tockloader was not found on the PATH. Install it with "pipx install tockloader", or set "Tock: Target" to the emulated board.';

/** Why it failed, in one sentence; `undefined` if it did what it should. */
export function failureOf({ code, output, errors }: Ended, wanted: Wanted): string | undefined {
  if (code === undefined) return missing;
  const lines = linesOf(`${output}\n${errors}`);
  const told = lines.findLast(line => /^\[(ERROR|CRITICAL)\s*\]/.test(line)) ?? nothingDone(lines);
  if (code === 0 && told === undefined) return undefined;
  const [command] = argumentsOf(wanted, []);
  if (lines.some(line => /^EOFError/.test(line)))
    return `tockloader ${command} asked which board or app is meant: connect only one board, or name it in the setting "tock.tockloader.arguments", such as --port or --board.`;
  const why = (told ?? lines.at(-1) ?? `exit code ${code}`)
    .replace(mark, "")
    .replace(/^ERROR: /, "");
  return `tockloader ${command} failed: ${/[.!?]$/.test(why) ? why : `${why}.`}`;
}

/** tockloader ends well, too, where it has found nothing to do. */
const nothingDone = (lines: readonly string[]): string | undefined =>
  lines.find(line => /No matching apps found|Nothing changed|could not find any apps/i.test(line));

const mark = /^\[(?:ERROR|CRITICAL|INFO|WARNING|STATUS|DEBUG)\s*\]\s*/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with ESC
const colour = /\u001b\[[0-9;]*m/g;

const linesOf = (output: string): string[] =>
  output
    .replace(colour, "")
    .split(/[\r\n]+/)
    .map(line => line.trim())
    .filter(line => line !== "");
