import { attach } from "./lib/attach.js";
import { keptPage } from "./behaviours/kept_page.js";
import { leave } from "./behaviours/leave.js";
import { liveRegions } from "./behaviours/live_regions.js";
import { prompter } from "./behaviours/prompter.js";

attach({ leave, "live-regions": liveRegions });
const page = document.querySelector(".prompter");
keptPage(page);
prompter(page);
