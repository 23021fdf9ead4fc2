import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AppArguments, AttachArguments, LaunchArguments } from "../../adapter/protocol.js";
import { boards, kernelConfigNames } from "../../emulator/index.js";
import { examples } from "../../extension/commands/examples.js";

interface Schema {
  type?: string;
  description?: string;
  markdownDescription?: string;
  properties?: Record<string, Schema>;
  items?: { anyOf: Schema[] };
  [keyword: string]: unknown;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const [debuggerContribution] = manifest.contributes.debuggers;
const launch: Schema = debuggerContribution.configurationAttributes.launch;

/** The compiler keeps these two lists equal to the adapter's types. */
const launchAttributes: Record<keyof LaunchArguments, true> = {
  apps: true,
  board: true,
  sourceMap: true,
  stopOnEntry: true,
  scenario: true,
  scenarioNumber: true,
  speed: true,
  inputs: true,
  flash: true,
  seed: true,
  wires: true,
  faultPolicy: true,
  scheduler: true,
  kernelConfig: true,
  trace: true,
};
const attachAttributes: Record<keyof AttachArguments, true> = {
  mode: true,
  dump: true,
  number: true,
  elf: true,
  folders: true,
  kernel: true,
  sourceMap: true,
  trace: true,
};
const appAttributes: Record<keyof AppArguments, true> = {
  path: true,
  elf: true,
  name: true,
  sourceMap: true,
  installed: true,
};

const names = (attributes: object | undefined) => Object.keys(attributes ?? {}).sort();

describe("the extension's manifest", () => {
  it("describes exactly the launch attributes that the adapter takes", () => {
    assert.deepEqual(names(launch.properties), names(launchAttributes));
    const app = launch.properties?.["apps"]?.items?.anyOf.find(({ type }) => type === "object");
    assert.deepEqual(names(app?.properties), names(appAttributes));
    for (const schema of [launch, app]) {
      for (const [name, { description, markdownDescription }] of Object.entries(
        schema?.properties ?? {},
      )) {
        assert.ok(description ?? markdownDescription, `${name} has no description`);
      }
    }
  });

  it("describes exactly the attach attributes that the adapter takes", () => {
    const { attach } = debuggerContribution.configurationAttributes;
    assert.deepEqual(names(attach.properties), names(attachAttributes));
    for (const [name, { description, markdownDescription }] of Object.entries(
      (attach as Schema).properties ?? {},
    )) {
      assert.ok(description ?? markdownDescription, `${name} has no description`);
    }
  });

  it("offers every board that can be debugged", () => {
    const names = ["auto", ...boards.map(({ name }) => name)];
    assert.deepEqual(launch.properties?.["board"]?.["enum"], names);
    assert.deepEqual(manifest.contributes.configuration.properties["tock.board"].enum, names);
  });

  it("takes inputs for every device of every board, and describes every setting of the kernel", () => {
    const { items, default: inputs } = (launch.properties?.["inputs"] ?? {}) as Schema & {
      items: { pattern: string };
      default: string[];
    };
    const pattern = new RegExp(items.pattern);
    for (const board of boards)
      for (const device of board.build().machine.devices.keys())
        for (const time of ["", "1.5s:", ".5:", "10us:"])
          assert.match(`${time}${device}=a\nb`, pattern);
    for (const input of inputs) assert.match(input, pattern);
    for (const wrong of ["button0", "1h:button0=down", "=x", "1s:=x"])
      assert.doesNotMatch(wrong, pattern);
    assert.deepEqual(
      names(launch.properties?.["kernelConfig"]?.properties),
      [...kernelConfigNames].sort(),
    );
  });

  it("uses no attribute in a snippet that the schema does not have", () => {
    const common = ["name", "request", "type"];
    for (const { label, body } of debuggerContribution.configurationSnippets) {
      const known = body["request"] === "attach" ? attachAttributes : launchAttributes;
      const unknown = names(body).filter(name => !common.includes(name) && !(name in known));
      assert.deepEqual(unknown, [], label);
    }
  });

  it("names only files that are in the repository or built by webpack", () => {
    const built = readFileSync("extension/webpack.config.js", "utf8");
    for (const path of [manifest.main, debuggerContribution.program]) {
      assert.ok(built.includes(`"${path.replace("./dist/", "")}"`), path);
    }
    assert.ok(existsSync(manifest.icon));
    for (const { path } of manifest.contributes.grammars) assert.ok(existsSync(path), path);
  });

  it("shows first steps whose pages are there, and that end by what they tell to do", () => {
    const [{ steps }] = manifest.contributes.walkthroughs;
    for (const { title, media, description, completionEvents } of steps) {
      assert.ok(existsSync(media.markdown), title);
      const links = [...description.matchAll(/\(command:([\w.]+)(?:\?([^)]*))?\)/g)];
      assert.ok(links.length > 0, title);
      for (const [, command, words] of links.filter(([, , given]) => given !== undefined)) {
        assert.equal(command, "tock.runExample");
        const [name] = JSON.parse(decodeURIComponent(words ?? ""));
        assert.ok(
          examples.some(example => example.name === name),
          name,
        );
      }
      assert.ok(completionEvents.length > 0, title);
    }
  });

  it("says what it does in a folder that is not trusted, or not on a disk", () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    for (const { supported, description } of [untrustedWorkspaces, virtualWorkspaces]) {
      assert.equal(supported, "limited");
      assert.match(description, /\.$/);
    }
    const { properties } = manifest.contributes.configuration;
    for (const setting of untrustedWorkspaces.restrictedConfigurations)
      assert.ok(setting in properties, setting);
  });

  it("starts the extension only for debugging, for a panel of it, and for files in its languages", () => {
    for (const event of manifest.activationEvents)
      assert.match(
        event,
        /^(workspaceContains:\*\*\/\*\.tocktest\.yaml|onDebug\w+(:tock)?|onWebviewPanel:tock\.\w+|onLanguage:tock-\w+)$/,
      );
  });

  it("links in first steps and in empty views to commands that are there, and shows pictures that are", () => {
    const { walkthroughs, viewsWelcome, commands } = manifest.contributes;
    const known = new Set(commands.map(({ command }: { command: string }) => command));
    const pages: string[] = walkthroughs[0].steps.map(
      ({ media }: { media: Record<string, string> }) =>
        readFileSync(media["markdown"] ?? "", "utf8"),
    );
    const texts = [JSON.stringify(walkthroughs), JSON.stringify(viewsWelcome), ...pages].join("\n");
    const links = [...texts.matchAll(/\(command:([\w.]+)/g)].map(([, command = ""]) => command);
    assert.ok(links.length > 8);
    for (const command of links)
      assert.ok(known.has(command) || command.startsWith("workbench."), command);
    for (const [, picture = ""] of texts.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g))
      assert.ok(existsSync(join("media/walkthrough", picture)), picture);
  });

  it("describes each setting and each of its values, and lets folders differ where a folder is asked for", () => {
    const { properties } = manifest.contributes.configuration as {
      properties: Record<string, Schema>;
    };
    for (const [name, setting] of Object.entries(properties)) {
      assert.ok(setting.description ?? setting.markdownDescription, name);
      assert.ok("default" in setting, name);
      const { enum: values, enumDescriptions } = setting as Record<string, string[] | undefined>;
      assert.equal(enumDescriptions?.length, values?.length, name);
    }
    for (const name of ["board", "stopOnEntry", "crashPanel.openOnFault"])
      assert.equal(properties[`tock.${name}`]?.["scope"], "resource", name);
  });

  it("has a picture for each command that is shown as one", () => {
    const { commands, menus } = manifest.contributes as {
      commands: { command: string; icon?: string }[];
      menus: Record<string, { command: string; group?: string }[]>;
    };
    const pictures = new Map(commands.map(({ command, icon }) => [command, icon]));
    for (const menu of ["view/item/context", "view/title", "editor/title", "debug/toolBar"])
      for (const { command, group = "" } of menus[menu] ?? [])
        if (/^(inline|navigation)/.test(group))
          assert.ok(pictures.get(command), `${menu} ${command}`);
  });
});
