// « Modifier » opens the note where it stands, with no network. Échap leaves without losing:
// the draft of an edit is kept, and is there when the note is opened again.
import { soonAfterInput } from "../lib/drafts.js";
import { typedText } from "../lib/typed_text.js";

export function editInPlace(page, journal) {
  const template = document.getElementById("edit-template");

  page.addEventListener("click", (event) => {
    const link = event.target.closest("[data-edit]");
    const note = link && document.getElementById(`note-${link.closest("[data-note]").dataset.note}`);
    if (!note || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open(note);
  });
  page.addEventListener("open-edit", ({ target }) => open(target));

  async function open(note) {
    if (note.classList.contains("is-open")) return;
    const id = note.dataset.note;
    const form = template.content.firstElementChild.cloneNode(true);
    const box = form.querySelector("textarea");
    const kept = await journal.drafts.find(`edit:${id}`);
    form.action = form.dataset.address.replace("NOTE", id);
    form.querySelector("[data-split]").formAction = form.dataset.split.replace("NOTE", id);
    form.dataset.note = id;
    form.dataset.draft = `edit:${id}`;
    // an edit that is still here is what this one is made on: its id is its revision's
    const { waiting } = await journal.left();
    const before = waiting.filter((one) => one.note === id && one.action === "wordings").pop();
    form.elements.base.value = kept?.base || before?.id || note.dataset.revision;
    form.querySelector("label").htmlFor = box.id = `edit-${id}`;
    form.querySelector("label").textContent = `Modifier ${note.dataset.reference}`;
    box.value =
      kept?.text ?? before?.fields.find(([name]) => name === "text")[1] ?? typedText(note.querySelector(".said"));
    const hidden = [...note.children];
    for (const child of hidden) child.hidden = true;
    note.classList.add("is-open");
    note.append(form);
    box.focus();

    const close = () => {
      form.remove();
      for (const child of hidden) child.hidden = false;
      note.classList.remove("is-open");
      note.focus();
    };
    const takeBack = soonAfterInput(box, () =>
      journal.drafts.keep(`edit:${id}`, { text: box.value, base: form.elements.base.value }),
    );
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    form.querySelector("[data-cancel]").addEventListener("click", (event) => {
      event.preventDefault();
      takeBack();
      journal.drafts.drop(`edit:${id}`);
      close();
    });
    form.addEventListener("journalled", takeBack);
    form.addEventListener("close-edit", close);
  }
}
