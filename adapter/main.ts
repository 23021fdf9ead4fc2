// What is started of the adapter's bundle, one file for Node and for web workers: each loads only what it is meant to be.
if ((globalThis as { importScripts?: unknown }).importScripts === undefined) {
  void import(/* webpackMode: "eager" */ "./main.node.js");
} else {
  void import(/* webpackMode: "eager" */ "./main.worker.js");
}
