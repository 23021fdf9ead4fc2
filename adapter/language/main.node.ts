// The language server as a program of its own: over the channel that its parent opened (`--node-ipc`), or `--stdio`.
import { createConnection } from "vscode-languageserver/node";
import { serve } from "./server.js";

serve(createConnection());
