// The program that an editor starts. It is the adapter, one session over stdio or, with `--channel`, over the channel that its
// parent opened; with `--testing` the server for scenarios and with `--language` the language server, over that channel, too:
// one bundle, of which only what is meant is loaded.
if (process.argv.includes("--testing")) {
  void import(/* webpackMode: "eager" */ "./testing/main.node.js");
} else if (process.argv.includes("--language")) {
  void import(/* webpackMode: "eager" */ "./language/main.node.js");
} else {
  void import(/* webpackMode: "eager" */ "./serve.node.js").then(({ serveChannel, serveStdio }) =>
    process.argv.includes("--channel") ? serveChannel() : serveStdio(),
  );
}
