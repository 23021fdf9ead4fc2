// Bundles the JavaScript that tsc emitted: the extension and the adapter for Node, the adapter for a web worker, the pages
// of the panels for a webview.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const bundle = (name, entry, target) => ({
  name,
  mode: "production",
  devtool: false,
  context: root,
  target,
  entry: `./out/${entry}`,
  output: {
    path: join(root, "dist"),
    filename: name,
    ...(target === "node20" ? { library: { type: "commonjs2" } } : {}),
  },
  externals: { vscode: "commonjs vscode" },
  performance: { hints: false },
  stats: "errors-only",
});

// biome-ignore lint/style/noDefaultExport: webpack reads the default export
export default [
  bundle("extension.cjs", "extension/extension.js", "node20"),
  bundle("adapter.cjs", "adapter/main.node.js", "node20"),
  bundle("adapter.worker.js", "adapter/main.worker.js", "webworker"),
  bundle("crash-panel.js", "extension/panels/view/crash.js", "web"),
];
