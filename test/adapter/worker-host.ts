// Runs the adapter's worker entry under worker_threads; its port stands for that of a web worker.
import { parentPort } from "node:worker_threads";
import { type Port, servePort } from "../../adapter/serve.worker.js";

servePort(parentPort as unknown as Port);
