import { attach } from "./lib/attach.js";
import { leave } from "./behaviours/leave.js";
import { liveRegions } from "./behaviours/live_regions.js";

attach({ leave, "live-regions": liveRegions });
