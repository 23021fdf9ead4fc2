// An app as a scenario names it.
import type { AppEntry } from "./model.js";
import type { Nodes, Value } from "./nodes.js";

/** A path, or more about an app. */
export function readApp(nodes: Nodes, value: Value): AppEntry | undefined {
  const { place } = value;
  if (!nodes.isMap(value)) {
    const path = nodes.text(value, "the path of a .tab or .tbf file or of an ELF of libtock-rs");
    return path === undefined
      ? undefined
      : { path, elf: undefined, name: undefined, installed: true, place };
  }
  const entries = nodes.map(value, ["path", "elf", "name", "installed"]) ?? [];
  const text = (key: string) => {
    const entry = entries.find(e => e.key === key);
    return entry && nodes.text(entry);
  };
  const installed = entries.find(({ key }) => key === "installed");
  const path = text("path");
  if (path === undefined) return nodes.wrong(place, 'An app needs a "path".');
  return {
    path,
    elf: text("elf"),
    name: text("name"),
    installed: (installed && nodes.boolean(installed)) ?? true,
    place,
  };
}
