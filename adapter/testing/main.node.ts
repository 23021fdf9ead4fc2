// The server for scenarios as a program of its own, over the channel that its parent opened. It shares a bundle with the
// adapter, of which it has nearly all, and is meant by `--testing`.
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
} from "vscode-languageserver/node";
import { serve } from "./server.js";

if (process.argv.includes("--testing")) {
  serve(createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process)));
  process.on("disconnect", () => process.exit());
}
