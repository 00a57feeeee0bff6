// Every form that writes goes to the journal first: the same post, sent when there is a way.
const CARRIED = new Set(["csrf_token", "operation", "device_time"]);

export function journalForms(page, journal, { noted, sent }) {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("#noter, #act, [data-behaviour='operation']")) return;
    event.preventDefault();
    const button = event.submitter;
    const entries = [...new FormData(form, button)].filter(([name]) => !CARRIED.has(name));
    const url = new URL(button?.getAttribute("formaction") || form.action, location.href).pathname;
    const text = entries.find(([name]) => name === "text")?.[1];
    if (form.id === "noter" && !text?.trim()) return say(form, "Il n’y a encore rien à noter : écrivez une phrase, puis « Noter ».");
    if (text && text.length > 10_000) return say(form, "Ce texte dépasse 10 000 caractères. Coupez-le en deux : rien n’a été effacé.");
    say(form, "");
    const operation = await journal.add({
      url,
      fields: entries,
      label: label(form, button, text),
      draft: form.id === "noter" ? "note" : form.dataset.note && `edit:${form.dataset.note}`,
    });
    form.dispatchEvent(new CustomEvent("journalled", { bubbles: true, detail: operation }));
    await noted(); // the page says « encore ici » before the box is emptied
    afterwards(form, button);
    await sent();
    if (form.matches("[data-ready]")) form.dispatchEvent(new CustomEvent("journalled", { detail: operation }));
  });
}

function label(form, button, text) {
  if (form.id === "noter") return text;
  if (text !== undefined) return text || "(vide)";
  const field = form.querySelector("label + input, label + .hint + input");
  if (field) return `${form.querySelector("label").textContent.trim()} : ${field.value || "(vide)"}`;
  const note = button?.closest(".note, [id^=chosen-]")?.querySelector(".ref, a")?.textContent.trim() || "";
  return `${button?.getAttribute("aria-label") || button?.textContent.trim() || "Changement"} ${note}`.trim();
}

function afterwards(form, button) {
  if (form.id === "noter") {
    const box = form.querySelector("textarea");
    box.value = "";
    form.querySelector(".question")?.setAttribute("hidden", "");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  }
  const note = button?.closest(".note");
  const when = note?.querySelector("[data-when]");
  if (when) when.textContent = "Changement sur cet ordinateur";
  if (form.dataset.note) form.dispatchEvent(new CustomEvent("close-edit", { bubbles: true }));
}

function say(form, sentence) {
  let alert = form.querySelector(":scope > .alert");
  if (!alert && sentence) {
    alert = document.createElement("p");
    alert.className = "alert";
    alert.setAttribute("role", "alert");
    form.prepend(alert);
  }
  if (alert) {
    alert.textContent = sentence;
    alert.hidden = !sentence;
  }
}
