import { attach } from "./lib/attach.js";
import { leave } from "./behaviours/leave.js";
import { liveRegions } from "./behaviours/live_regions.js";
import { pairKeys } from "./behaviours/pair_keys.js";
import { picking } from "./behaviours/picking.js";

attach({ leave, "live-regions": liveRegions, "pair-keys": pairKeys, picking });
