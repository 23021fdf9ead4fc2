import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import type { AppArguments, AttachArguments, LaunchArguments } from "../../adapter/protocol.js";
import { boards } from "../../emulator/index.js";
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
});
