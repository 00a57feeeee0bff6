// Many notes taken at once: a click with Shift takes all up to here, arrows go from note to note,
// T, R and C go to what is done with them; Ctrl + Enter in the sentence does what the key said.
import { plainKey } from "../lib/plain_key.js";

export function picking(list) {
  const boxes = () => [...list.querySelectorAll("input[name=notes]")];
  const sentence = document.getElementById("sentence");
  let last = null;
  let wanted = "merge";

  const tell = () => {
    const taken = boxes().filter(({ checked }) => checked).length;
    document.getElementById("count").textContent = taken ? `${taken} note${taken > 1 ? "s prises" : " prise"}` : "";
  };

  list.addEventListener("click", (event) => {
    const box = event.target.closest("label.check")?.querySelector("input") || event.target;
    if (event.target.name !== "notes") return;
    const all = boxes();
    if (event.shiftKey && last) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
    tell();
  });
  list.addEventListener("change", tell);

  const go = (step) => {
    const all = boxes();
    const at = all.indexOf(document.activeElement);
    all[Math.max(0, Math.min(at + step, all.length - 1))]?.focus();
  };
  const write = (button) => {
    wanted = button;
    sentence.focus();
  };
  const keys = {
    arrowdown: () => go(1),
    arrowup: () => go(-1),
    t: () => document.getElementById("theme-name").focus(),
    r: () => write("merge"),
    c: () => write("relate"),
  };
  document.addEventListener("keydown", (event) => {
    const act = keys[plainKey(event)];
    if (!act) return;
    event.preventDefault();
    act();
  });
  sentence.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey) return;
    event.preventDefault();
    document.getElementById(wanted).click();
  });
  document.getElementById("theme-name").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    document.getElementById("to-theme").click();
  });
  tell();
}
