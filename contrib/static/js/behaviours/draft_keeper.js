// Each keystroke's draft is on disk within 100 ms, and back in the box after a kill.
import { soonAfterInput } from "../lib/soon.js";

export async function keepDrafts(journal, page) {
  const box = page.querySelector("#text");
  const form = box.form;
  const kept = await journal.draft("note");
  if (kept && !kept.text.includes(box.value)) {
    box.value = `${kept.text}\n${box.value}`; // somebody was quicker than this script
  } else if (kept) {
    box.value = kept.text;
    const rubric = form.querySelector(`input[name="rubric"][value="${CSS.escape(kept.rubric || "")}"]`);
    if (rubric) rubric.checked = true;
  }
  const keep = () => {
    if (box.value) journal.keepDraft("note", { text: box.value, rubric: new FormData(form).get("rubric") });
    else journal.dropDraft("note");
  };
  soonAfterInput(form, keep);
  form.addEventListener("journalled", keep); // what was typed meanwhile is the next note
  if (kept) await journal.keepDraft("note", { text: box.value, rubric: kept.rubric });
}
