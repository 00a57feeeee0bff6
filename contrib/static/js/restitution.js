import { attach } from "./lib/attach.js";
import { liveRegions } from "./behaviours/live_regions.js";

attach({ "live-regions": liveRegions });
