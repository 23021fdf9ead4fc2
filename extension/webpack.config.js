// Bundles the JavaScript that tsc emitted: the extension for Node and for web workers, the adapter, which is the servers for
// languages and scenarios, too, in one file for both, and the pages of the panels for a webview.
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Notices } from "./notices.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const bundle = (name, entry, target, library = target === "node20") => ({
  name,
  mode: "production",
  devtool: false,
  context: root,
  target,
  entry: `./out/${entry}`,
  output: {
    path: join(root, "dist"),
    filename: name,
    ...(library ? { library: { type: "commonjs2" } } : {}),
  },
  // No module of ours does anything by being loaded, entries aside: what is not used stays out.
  module: {
    rules: [
      { test: /[\\/]out[\\/](?:emulator|adapter|extension)[\\/]/, sideEffects: false },
      // In the adapter's bundle, what only Node loads.
      {
        test: /\.node\.js$|[\\/]lib[\\/]node[\\/]/,
        resolve: { conditionNames: ["node", "import", "require", "default"] },
      },
    ],
  },
  // A worker has none of these; `events`, which it needs, comes from npm for both.
  externals: ({ request }, done) =>
    request === "vscode" || (isBuiltin(request) && request !== "events")
      ? done(null, `commonjs ${request}`)
      : done(),
  plugins: [new Notices(join(root, "dist", "THIRD_PARTY_NOTICES.txt"))],
  performance: { hints: false },
  stats: "errors-only",
});

// biome-ignore lint/style/noDefaultExport: webpack reads the default export
export default [
  bundle("extension.cjs", "extension/extension.js", "node20"),
  bundle("adapter.cjs", "adapter/main.js", "webworker"),
  bundle("extension.web.cjs", "extension/extension.web.js", "webworker", true),
  bundle("crash-panel.js", "extension/panels/view/crash.js", "web"),
  bundle("board-view.js", "extension/panels/view/board.js", "web"),
  bundle("memory-map-view.js", "extension/panels/view/memory-map.js", "web"),
  bundle("binary-editor.js", "extension/panels/view/binary.js", "web"),
  bundle("timeline-panel.js", "extension/panels/view/timeline.js", "web"),
];
