import { attach } from "./lib/attach.js";
import { formatBar } from "./behaviours/format_bar.js";
import { leave } from "./behaviours/leave.js";
import { reportKeeper } from "./behaviours/report_keeper.js";

attach({ "report-keeper": reportKeeper, leave, "format-bar": formatBar });
