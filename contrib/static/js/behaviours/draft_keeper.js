// Each keystroke's draft is on disk within 100 ms, and back in the box after a kill.
const WRITE_AFTER_MS = 50;

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
  let timer = 0;
  const write = () => {
    timer = 0;
    if (box.value) journal.keepDraft("note", { text: box.value, rubric: new FormData(form).get("rubric") });
    else journal.dropDraft("note");
  };
  form.addEventListener("input", () => (timer ||= setTimeout(write, WRITE_AFTER_MS)));
  form.addEventListener("journalled", () => {
    clearTimeout(timer);
    timer = 0;
  });
  if (kept) await journal.keepDraft("note", { text: box.value, rubric: kept.rubric });
  addEventListener("pagehide", () => timer && write());
}
