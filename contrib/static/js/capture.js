import { attach } from "./lib/attach.js";
import { countdown } from "./behaviours/countdown.js";
import { livePage } from "./behaviours/live_page.js";
import { noteBox } from "./behaviours/note_box.js";

attach({ countdown, "note-box": noteBox, "live-page": livePage });
