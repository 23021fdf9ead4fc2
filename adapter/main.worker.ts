// The script that an editor starts in a web worker: the adapter, the server for scenarios or the language server, over the
// worker's message port. Which one is said by a global variable, since workers of a web extension host have no names.
import type { Port } from "./serve.worker.js";

// In a web worker the global scope is the port.
const scope = globalThis as unknown as Port & { tockServer?: "testing" | "language" };

if (scope.tockServer === "testing") {
  void import(/* webpackMode: "eager" */ "./testing/main.worker.js");
} else if (scope.tockServer === "language") {
  void import(/* webpackMode: "eager" */ "./language/main.worker.js");
} else {
  void import(/* webpackMode: "eager" */ "./serve.worker.js").then(({ servePort }) =>
    servePort(scope),
  );
}
