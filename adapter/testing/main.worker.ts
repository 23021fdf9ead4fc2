// The server for scenarios in a web worker, over its message port. It shares a bundle with the adapter, of which it has
// nearly all, and is meant by a global variable, since workers of a web extension host have no names.
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createMessageConnection,
} from "vscode-languageserver/browser";
import { serve } from "./server.js";

declare const self: ConstructorParameters<typeof BrowserMessageReader>[0] & {
  tockServer?: string;
};

if (self.tockServer === "testing")
  serve(createMessageConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self)));
