import { clocks } from "./behaviours/clocks.js";

clocks();
