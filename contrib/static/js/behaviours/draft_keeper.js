// Each keystroke's draft is on disk within 100 ms, and back in the box after a kill.
import { soonAfterInput } from "../lib/drafts.js";

export async function keepDrafts(drafts, page) {
  const box = page.querySelector("#text");
  const form = box.form;
  const keep = () => {
    if (box.value) return drafts.keep("note", { text: box.value, rubric: new FormData(form).get("rubric") });
    return drafts.drop("note");
  };
  const kept = await drafts.find("note");
  if (kept && !kept.text.includes(box.value)) {
    box.value = `${kept.text}\n${box.value}`; // somebody was quicker than this script
  } else if (kept) {
    box.value = kept.text;
    const rubric = form.querySelector(`input[name="rubric"][value="${CSS.escape(kept.rubric || "")}"]`);
    if (rubric) rubric.checked = true;
  }
  soonAfterInput(form, keep);
  form.addEventListener("journalled", keep); // what was typed meanwhile is the next note
  if (box.value) await keep();
}
