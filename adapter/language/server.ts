// The language server for crash dumps and console logs, over any connection: routes from LSP requests to calls.
import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { Analyses } from "./analyses.js";
import { definitionAt } from "./definition.js";
import { DiagnosticsLoop } from "./diagnostics-loop.js";
import { CrashDocument } from "./document.js";
import { hoverAt } from "./hover.js";
import { inlayHintsIn } from "./inlay-hints.js";
import { lensesOf } from "./lenses.js";
import { linksOf } from "./links.js";
import { listingAt } from "./listing.js";
import { CRASH, type CrashParams, LISTING_SCHEME } from "./protocol.js";
import { foldsOf, symbolsOf } from "./symbols.js";

const capabilities: InitializeResult["capabilities"] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  hoverProvider: true,
  definitionProvider: true,
  inlayHintProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  codeLensProvider: {},
  documentLinkProvider: {},
  workspace: { textDocumentContent: { schemes: [LISTING_SCHEME] } },
};

/** Serves one client until it says `exit`. */
export function serve(connection: Connection): void {
  const documents = new TextDocuments<CrashDocument>({
    create: (uri, _, version, text) => new CrashDocument(uri, version, text),
    update: (document, changes, version) => {
      document.update(changes, version);
      return document;
    },
  });
  const analyses = new Analyses(connection);
  const loop = new DiagnosticsLoop(connection, analyses);

  connection.onInitialize((params: InitializeParams) => {
    analyses.hasSettings = params.capabilities.workspace?.configuration === true;
    analyses.folders = (params.workspaceFolders ?? []).map(({ uri }) => uri);
    loop.refreshes = params.capabilities.workspace?.codeLens?.refreshSupport === true;
    return { capabilities, serverInfo: { name: "Tock crash dumps" } };
  });

  /** The answer about a document; nothing for one that was closed meanwhile. */
  const of = <T>(uri: string, nothing: T, answer: (document: CrashDocument) => T | Promise<T>) => {
    const document = documents.get(uri);
    return document ? answer(document) : nothing;
  };
  connection.onHover(({ textDocument, position }) =>
    of(textDocument.uri, null, document => hoverAt(document, position, analyses)),
  );
  connection.onDefinition(({ textDocument, position }) =>
    of(textDocument.uri, [], document => definitionAt(document, position, analyses)),
  );
  connection.languages.inlayHint.on(({ textDocument, range }) =>
    of(textDocument.uri, [], document => inlayHintsIn(document, range, analyses)),
  );
  connection.onDocumentSymbol(({ textDocument }) => of(textDocument.uri, [], symbolsOf));
  connection.onFoldingRanges(({ textDocument }) => of(textDocument.uri, [], foldsOf));
  connection.onCodeLens(({ textDocument }) =>
    of(textDocument.uri, [], document => lensesOf(document, analyses)),
  );
  connection.onDocumentLinks(({ textDocument }) =>
    of(textDocument.uri, [], document => linksOf(document, analyses)),
  );
  connection.onRequest(CRASH, (params: CrashParams) =>
    analyses.crash(params, uri => documents.get(uri)),
  );
  connection.workspace.textDocumentContent.on(async ({ uri }) => ({
    text: await listingAt(uri, wanted => documents.get(wanted), analyses),
  }));

  documents.onDidChangeContent(({ document }) => loop.changed(document));
  documents.onDidClose(({ document }) => loop.closed(document));
  const lookAgain = () => {
    analyses.forget();
    for (const document of documents.all()) loop.changed(document);
  };
  connection.onDidChangeWatchedFiles(lookAgain);
  connection.onDidChangeConfiguration(lookAgain);
  documents.listen(connection);
  connection.listen();
}
