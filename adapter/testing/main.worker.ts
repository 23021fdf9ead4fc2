// The server for scenarios in a web worker, over its message port.
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createMessageConnection,
} from "vscode-languageserver/browser";
import { serve } from "./server.js";

declare const self: ConstructorParameters<typeof BrowserMessageReader>[0];

serve(createMessageConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self)));
