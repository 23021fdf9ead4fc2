// docs/drivers.md is made of what the capsules say of themselves and of the inputs of the board with all drivers.
import { readdirSync, readFileSync } from "node:fs";
import { driverText } from "../../adapter/syscall-text.js";
import { everything } from "../../emulator/index.js";
import { assertGolden } from "./golden.js";

/** The comment at the head of a file, without its slashes. */
const headOf = (path: string): string[] => {
  const lines = readFileSync(path, "utf8").split("\n");
  const end = lines.findIndex(line => !line.startsWith("//"));
  return lines.slice(0, end).map(line => line.replace(/^\/\/ ?/, ""));
};

/** Driver numbers stand in the first three lines, as hexadecimal numbers that are no commands or addresses. */
const numberIn = (head: readonly string[]): number | undefined => {
  const match = /(?:driver|temperature|TSL2561) 0x([0-9a-f]+)/.exec(head.slice(0, 3).join(" "));
  return match === null ? undefined : Number.parseInt(match[1] as string, 16);
};

function driverSections(): string {
  const folder = "emulator/kernel/capsules";
  const paths = readdirSync(folder).map(file => `${folder}/${file}`);
  return [...paths, "emulator/kernel/ipc.ts"]
    .map(path => ({ path, head: headOf(path) }))
    .map(({ path, head }) => ({ path, head, number: numberIn(head) ?? -1 }))
    .filter(({ number }) => number >= 0)
    .sort((a, b) => a.number - b.number || (a.path < b.path ? -1 : 1))
    .map(({ path, head, number }) => {
      const several = (head.join(" ").match(/0x[67]\d{4}/g)?.length ?? 0) > 2;
      const title = several ? path.replace(/^.*\/|\.ts$/g, "") : driverText(number);
      return `### ${title}\n\n\`\`\`\n${head.join("\n")}\n\`\`\`\n`;
    })
    .join("\n");
}

/** A row for each device, and one for all that differ by their number only. */
function inputRows(): string {
  const rows = new Map<string, string[]>();
  for (const { name, takes, onInput } of everything.build().machine.devices.values()) {
    if (onInput === undefined) continue;
    const key = `${name.replace(/\d+$/, "")} ${takes}`;
    rows.set(key, [...(rows.get(key) ?? []), name]);
  }
  const lines = [...rows].map(([key, names]) => {
    const last = names.length > 1 ? ` … \`${names.at(-1)}\`` : "";
    return `| \`${names[0]}\`${last} | ${key.slice(key.indexOf(" ") + 1)} |`;
  });
  return ["| input | takes |", "|---|---|", ...lines].join("\n");
}

describe("docs/drivers.md", () => {
  it("says what the capsules and devices say", () => {
    assertGolden(
      "docs/drivers.md",
      `# Drivers and inputs

Made from the source by \`test/golden/drivers-page.test.ts\`; \`UPDATE=1 npm test\` writes it anew.

## Inputs of the board \`everything\`

\`--input [TIME:]DEVICE=VALUE\` of the command line and \`inputs\` of a launch. \`tock-debug boards NAME\` lists those of a board.

${inputRows()}

## Drivers

What each does is upstream's, its oddities too.

${driverSections()}`,
    );
  });
});
