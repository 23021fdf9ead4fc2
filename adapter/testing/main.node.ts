// The server for scenarios as a program of its own, over the channel that its parent opened.
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
} from "vscode-languageserver/node";
import { serve } from "./server.js";

serve(createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process)));
process.on("disconnect", () => process.exit());
