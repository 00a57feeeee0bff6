import { attach } from "./lib/attach.js";
import { liveRegions } from "./behaviours/live_regions.js";
import { slides } from "./behaviours/slides.js";

attach({ "live-regions": liveRegions });
slides(document.getElementById("slides"));
