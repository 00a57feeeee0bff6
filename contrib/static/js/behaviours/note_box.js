// The box: Ctrl+Entrée notes, several lines ask « une seule note, ou 4 notes ? », the rubric's
// prompt stands in it. The box is never disabled.
export function noteBox(form) {
  const box = form.querySelector("textarea");
  const asked = form.querySelector(".question[hidden]");
  const count = form.querySelector("[data-count]");
  const most = Number(box.dataset.limit);

  form.addEventListener("change", (event) => {
    if (event.target.name === "rubric") box.placeholder = event.target.dataset.prompt || "";
  });
  box.addEventListener("input", () => {
    if (asked) asked.hidden = true;
    if (count) count.textContent = box.value.length > most * 0.8 ? `, ${box.value.length.toLocaleString("fr")} tapés` : "";
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-send]") || undefined);
    }
  });
  form.addEventListener("submit", (event) => {
    const lines = box.value.split("\n").filter((line) => line.trim());
    if (!asked || lines.length < 2 || asked.contains(event.submitter)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    asked.querySelector("[data-lines]").textContent = `Une seule note, ou ${lines.length} notes ?`;
    asked.querySelector("[data-many]").textContent = `${lines.length} notes`;
    asked.hidden = false;
    asked.querySelector("button").focus();
  });
}
