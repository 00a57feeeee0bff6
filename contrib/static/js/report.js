import { attach } from "./lib/attach.js";
import { formatBar } from "./behaviours/format_bar.js";
import { leave } from "./behaviours/leave.js";

attach({ leave, "format-bar": formatBar });
