import { attach } from "./lib/attach.js";
import { chapterKeeper } from "./behaviours/chapter_keeper.js";
import { formatBar } from "./behaviours/format_bar.js";
import { leave } from "./behaviours/leave.js";

attach({ "chapter-keeper": chapterKeeper, leave, "format-bar": formatBar });
