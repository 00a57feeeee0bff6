// « Sauver mes notes dans un fichier », with no network: what was not sent, and all that this
// page knows to be received.
import { rubricOf } from "../lib/rubrics.js";
import { savedFile } from "../lib/saved_file.js";
import { typedText } from "../lib/typed_text.js";

export function offerFile(page, journal, known) {
  const button = document.getElementById("save-file");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const { seq, mark } = known();
    const text = savedFile({
      title: document.title.split(" · ")[0],
      when: new Date().toLocaleString("fr"),
      event: page.dataset.event,
      workshop: { id: journal.workshop, name: page.dataset.name },
      seq,
      mark,
      rubrics: [...page.querySelectorAll(".rubric")].slice(1).map((one) => [rubricOf(one), one.dataset.label]),
      participants: Number.parseInt(document.getElementById("number").value, 10) || null,
      speaker: document.getElementById("speaker").value || null,
      notes: [...page.querySelectorAll(".note")].map(noteOf).concat(messageOf(journal.workshop, seq)),
      operations: await journal.all(),
    });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/plain;charset=utf-8" }));
    link.download = `notes-${page.dataset.name}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}

function noteOf(note) {
  const id = note.dataset.note;
  const chosen = document.getElementById(`chosen-${id}`);
  const { reference, theme, seq } = note.dataset;
  return {
    id,
    reference,
    number: Number(reference.match(/\d+$/)[0]),
    rubric: rubricOf(note) || null,
    theme: theme || null,
    highlight: chosen ? [...chosen.parentElement.children].indexOf(chosen) + 1 : null,
    withdrawn: note.classList.contains("is-withdrawn"),
    seq: Number(seq),
    wordings: wordingsOf(note),
  };
}

function messageOf(workshop, seq) {
  const { revision, text } = document.getElementById("message-now").dataset;
  if (!revision) return [];
  const several = wordingsOf(document.getElementById("message"));
  const wordings = several.length ? several : [{ revision, text }];
  return [
    {
      id: `message-${workshop}`,
      number: null,
      rubric: null,
      theme: null,
      highlight: null,
      withdrawn: false,
      seq,
      wordings,
    },
  ];
}

function wordingsOf(element) {
  const found = new Map();
  for (const one of element.querySelectorAll("[data-wording]")) found.set(one.dataset.wording, typedText(one));
  return [...found].map(([revision, text]) => ({ revision, text }));
}
