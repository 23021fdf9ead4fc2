// Every command of the manifest is run by its title in the real VS Code, and told of: the lists cannot fall behind.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Contributed {
  command: string;
  title: string;
  category: string;
  when?: string;
}

const { commands, menus } = JSON.parse(readFileSync("package.json", "utf8")).contributes as {
  commands: Contributed[];
  menus: Record<string, Contributed[]>;
};

const textsBelow = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(name => name.endsWith(".ts"))
    .map(name => readFileSync(join(folder, name), "utf8"))
    .join("\n");

const hidden = new Set(
  menus["commandPalette"]?.filter(({ when }) => when === "false").map(({ command }) => command),
);

/** Titles that a text does not have between quotes. */
const missing = (titles: readonly string[], text: string): string[] =>
  titles.filter(title => !text.includes(`"${title}"`));

describe("the commands of the manifest", () => {
  const tests = textsBelow("test/browser");

  it("are run by their titles in the palette of the real VS Code", () => {
    const titles = commands
      .filter(({ command }) => !hidden.has(command))
      .map(({ category, title }) => `${category}: ${title}`);
    assert.ok(titles.length > 30);
    assert.deepEqual(missing(titles, tests.replaceAll("`", '"')), []);
  });

  it("are run from the menu of a row where the palette does not show them", () => {
    const titles = commands.filter(({ command }) => hidden.has(command)).map(({ title }) => title);
    assert.deepEqual(missing(titles, tests), []);
    for (const command of hidden) {
      const places = Object.entries(menus).filter(([name, entries]) =>
        name === "commandPalette" ? false : entries.some(entry => entry.command === command),
      );
      assert.ok(places.length > 0, `${command} is nowhere`);
    }
  });

  it("have titles of which none begins another one, so that the palette's first entry is the one that was typed", () => {
    const titles = commands.map(({ title }) => title);
    assert.equal(new Set(titles).size, titles.length);
    const words = titles.map(title => title.split(" "));
    for (const [i, mine] of words.entries())
      for (const [j, other] of words.entries())
        if (i !== j)
          assert.ok(!mine.every(word => other.includes(word)), `${titles[i]} is in ${titles[j]}`);
  });

  it("may be run at any time: what is missing they say themselves", () => {
    for (const { command, ...more } of commands) assert.ok(!("enablement" in more), command);
  });

  it("are registered by the extension, and stand in docs/commands.md", () => {
    const source = textsBelow("extension");
    const docs = readFileSync("docs/commands.md", "utf8");
    for (const { command, title } of commands) {
      const name = command.replace(/^tock\./, "");
      assert.match(source, new RegExp(`["\`.]${name}["\`]|^ *${name}: `, "m"), command);
      assert.ok(docs.includes(title), `docs/commands.md does not tell of ${title}`);
    }
  });

  it("of every menu exist", () => {
    const known = new Set(commands.map(({ command }) => command));
    for (const [name, entries] of Object.entries(menus))
      for (const { command } of entries) assert.ok(known.has(command), `${command} in ${name}`);
  });
});
