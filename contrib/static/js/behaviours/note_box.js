// The box: Ctrl+Entrée notes, the page keys go from rubric to rubric, several lines ask « une seule note, ou
// 4 notes ? », the rubric's prompt stands in it. The box is never disabled. A rubric chosen with mouse or finger
// leaves the focus in the box: a sign made of several keys (« É ») has no key of its own to bring it there.
export function noteBox(form) {
  const box = form.querySelector("textarea");
  const asked = form.querySelector(".question");
  const count = form.querySelector("[data-count]");
  const most = Number(box.dataset.limit);

  form.addEventListener("change", (event) => {
    if (event.target.name === "rubric") box.placeholder = event.target.dataset.prompt || "";
  });
  const tell = () => {
    const long = box.value.length > most * 0.8;
    count.textContent = long
      ? `, ${box.value.length.toLocaleString("fr")} caractères sur ${most.toLocaleString("fr")}`
      : "";
  };
  box.addEventListener("input", () => {
    asked.hidden = true;
    tell();
  });
  form.addEventListener("journalled", tell);
  const said = form.querySelector("[data-rubric-said]");
  const choose = (rubric) => {
    rubric.checked = true;
    rubric.dispatchEvent(new Event("change", { bubbles: true }));
    rubric.parentElement.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const step = (by) => {
    const all = [...form.querySelectorAll("input[name=rubric]")];
    const next = all[all.findIndex(({ checked }) => checked) + by];
    if (!next) return;
    choose(next);
    said.textContent = next.parentElement.textContent.trim();
  };
  const rubrics = form.querySelector(".rubrics");
  rubrics.addEventListener("mousedown", (event) => event.preventDefault()); // the keys of a phone stay open
  rubrics.addEventListener("click", (event) => {
    const rubric = event.target.closest(".choice span")?.parentElement.querySelector("input");
    if (!rubric) return; // the arrows' own click: they go on from one to the next
    event.preventDefault();
    choose(rubric);
    box.focus({ preventScroll: true });
  });
  box.addEventListener("keydown", (event) => {
    const by = { PageUp: -1, PageDown: 1 }[event.key];
    if (by && !event.ctrlKey && box.scrollHeight <= box.clientHeight) {
      event.preventDefault();
      step(by);
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-send]") || undefined);
    }
  });
  form.addEventListener("submit", (event) => {
    const lines = box.value.split("\n").filter((line) => line.trim());
    if (lines.length < 2 || asked.contains(event.submitter)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    asked.querySelector("[data-lines]").textContent = `Une seule note, ou ${lines.length} notes ?`;
    asked.querySelector("[data-many]").textContent = `${lines.length} notes`;
    asked.hidden = false;
    asked.querySelector("button").focus();
  });
}
