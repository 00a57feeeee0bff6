// What « C'est prêt » answers, and what is still in the box: kept true while one goes on typing.
import { readiness } from "../lib/sentences.js";

export function showReadiness(page, life) {
  const boxed = Boolean(document.getElementById("text").value.trim());
  document.getElementById("boxed").hidden = !boxed;
  if (!life.asked) return;
  const edited = [...page.querySelectorAll(".note.is-open")].map(({ dataset, id }) => ({
    reference: dataset.reference,
    place: id,
  }));
  const { sentence, left, cut } = readiness({ ...life, boxed, edited });
  const answer = document.getElementById("closing-answer");
  if (answer.textContent !== sentence) answer.textContent = sentence;
  document.getElementById("closing-left").replaceChildren(...left.map(line));
  document.getElementById("ways-out").hidden = !cut;
}

function line({ text, place }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#${place}`;
  link.textContent = text;
  link.addEventListener("click", (event) => {
    const element = document.getElementById(place);
    event.preventDefault();
    element.closest("details")?.setAttribute("open", "");
    element.scrollIntoView({ block: "center" });
    (element.querySelector("textarea") || element).focus();
  });
  item.append(link);
  return item;
}
