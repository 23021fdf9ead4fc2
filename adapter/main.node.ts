// The adapter as a program of its own, as an editor starts it: one session over stdio. With `--testing` the same bundle is
// the server for scenarios, see testing/main.node.ts.
import { serveStdio } from "./serve.node.js";

if (!process.argv.includes("--testing")) void serveStdio();
