import { attach } from "./lib/attach.js";
import { capturePage } from "./behaviours/capture_page.js";
import { countdown } from "./behaviours/countdown.js";
import { noteBox } from "./behaviours/note_box.js";

attach({ countdown, "note-box": noteBox, "live-page": capturePage });
