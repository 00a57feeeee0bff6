// Every form that writes goes to the journal first: the same post, sent when there is a way.
import { refusalOf } from "../lib/checks.js";

const WRITES = "form[data-action], #act"; // #act: the form of all the notes' buttons
const CARRIED = new Set(["csrf_token", "operation", "device_time"]);

const TWICE_MS = 700; // a second press of the same keys

// Gives `write(form, press)`, which resolves once the server has answered or cannot be reached.
// A press is what was asked for: url, action, note, the name and value of the button, its label.
export function journalForms(journal, { begun, noted, sent, answers, before }) {
  let last = 0;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches(WRITES)) return;
    event.preventDefault();
    write(form, pressOf(form, event.submitter));
  });

  async function write(form, press = pressOf(form, null)) {
    if (form.matches("[data-ready]")) await before();
    const entries = [...new FormData(form)].filter(([name]) => !CARRIED.has(name));
    if (press.name) entries.push([press.name, press.value]);
    const text = entries.find(([name]) => name === "text")?.[1];
    const refusal = refusalOf(form, press.action);
    if (refusal) {
      const again = form.id === "noter" && !text?.trim() && Date.now() - last < TWICE_MS;
      return again ? undefined : say(form, refusal);
    }
    say(form, "");
    last = Date.now();
    begun();
    if (form.id === "noter") empty(form); // at once: what is typed from now on is the next note
    let operation;
    try {
      const { url, action, note, label } = press;
      operation = await journal.add({ url, action, note, fields: entries, label, draft: form.dataset.draft });
    } catch {
      putBack(form, text);
      await noted();
      return sendPlainly(form, press, answers);
    }
    form.dispatchEvent(new CustomEvent("journalled", { bubbles: true, detail: operation }));
    await noted();
    afterwards(form, press);
    await sent();
    if (form.matches("[data-ready]")) form.dispatchEvent(new CustomEvent("answered", { detail: operation }));
  }

  return write;
}

// What a form is sent for, by which of its buttons.
function pressOf(form, button) {
  return {
    url: new URL(button?.getAttribute("formaction") || form.action, location.href).pathname,
    action: button?.dataset.action || form.dataset.action,
    note: (button || form).closest("[data-note]")?.dataset.note,
    name: button?.name,
    value: button?.value,
    label: label(form, button),
  };
}

// Where nothing can be kept here, forms go as they would without a script.
export function plainForms(answers) {
  const write = (form, press) => sendPlainly(form, press, answers);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches(WRITES)) return;
    event.preventDefault();
    write(form, pressOf(form, event.submitter));
  });
  return write;
}

// Only to a server that answers: the browser's own error page would take the text away.
async function sendPlainly(form, { url, name, value }, answers) {
  if (!(await answers())) {
    return say(
      form,
      "Le serveur ne répond pas, et ce navigateur ne peut rien garder\u00a0: votre texte est encore dans la boîte. " +
        "Ne fermez pas cette page, et réessayez dans un instant.",
    );
  }
  form.action = url;
  if (name) {
    const chosen = document.createElement("input");
    chosen.type = "hidden";
    chosen.name = name;
    chosen.value = value;
    form.append(chosen);
  }
  dispatchEvent(new CustomEvent("sending-plainly"));
  form.submit();
}

function putBack(form, text) {
  if (form.id !== "noter") return;
  const box = form.querySelector("textarea");
  box.value = box.value ? `${text}\n${box.value}` : text;
}

function empty(form) {
  const box = form.querySelector("textarea");
  box.value = "";
  form.querySelector(".question")?.setAttribute("hidden", "");
  box.focus();
}

function label(form, button) {
  const field = form.querySelector("[data-saved]");
  if (field) return `${form.querySelector("label").textContent.trim()} : ${field.value || "(vide)"}`;
  const text = form.elements.text?.value;
  if (text !== undefined) return text || "(vide)";
  return button?.getAttribute("aria-label") || button?.textContent.trim() || "Changement";
}

function afterwards(form, { note }) {
  const when = note && document.querySelector(`#note-${CSS.escape(note)} [data-when]`);
  if (when) when.textContent = "Changement sur cet ordinateur";
  if (form.dataset.note && form.id !== "act") form.dispatchEvent(new CustomEvent("close-edit", { bubbles: true }));
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
