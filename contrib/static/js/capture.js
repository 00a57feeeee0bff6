import { attach } from "./lib/attach.js";
import { capturePage } from "./behaviours/capture_page.js";
import { leave } from "./behaviours/leave.js";
import { countdown } from "./behaviours/countdown.js";
import { setRoomClock } from "./lib/room_clock.js";
import { noteBox } from "./behaviours/note_box.js";

setRoomClock(Number(document.querySelector("[data-now]").dataset.now));
attach({ countdown, leave, "note-box": noteBox, "live-page": capturePage });
