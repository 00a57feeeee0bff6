import { attach } from "./lib/attach.js";
import { leave } from "./behaviours/leave.js";
import { stage } from "./behaviours/stage.js";

attach({ leave, stage });
