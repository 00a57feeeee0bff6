import { attach } from "./lib/attach.js";
import { keptDocumentButton } from "./behaviours/kept_document.js";
import { keptPage } from "./behaviours/kept_page.js";
import { leave } from "./behaviours/leave.js";
import { liveRegions } from "./behaviours/live_regions.js";

attach({ leave, "kept-document": keptDocumentButton, "live-regions": liveRegions });
const page = document.querySelector("[data-worker]"); // the desk has none
if (page) keptPage(page);
