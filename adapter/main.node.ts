// The adapter as a program of its own, as an editor starts it: one session over stdio.
import { serveStdio } from "./serve.node.js";

void serveStdio();
