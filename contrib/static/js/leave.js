import { attach } from "./lib/attach.js";
import { leave } from "./behaviours/leave.js";

attach({ leave });
