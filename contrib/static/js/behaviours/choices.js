// A choice corrected in place: sent without leaving the page, and taken back with one press.
const NOT_SENT = "pas encore transmis, réessayez quand le réseau revient.";

export function choices(page) {
  const undo = page.querySelector("[data-undo]");
  page.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!("choice" in form.dataset)) return;
    event.preventDefault();
    const { value } = event.submitter;
    const chosen = value === "1";
    const reference = form.dataset.choice.replace(/^s/, "S"); // « Synthèse 1 » begins a sentence
    if (!(await sent(form, value))) return say(undo, `${reference}\u00a0: ${NOT_SENT}`);
    say(undo, `${reference} ${chosen ? "est à dire" : "n’est plus à dire"}. `, back(form, chosen));
  });
}

// The same form, with the other answer.
function back(form, chosen) {
  const other = form.cloneNode(true);
  other.querySelector("[name=operation]").value = ""; // another operation
  const button = other.querySelector("button");
  button.value = chosen ? "0" : "1";
  button.textContent = chosen ? "Ne plus dire" : "Remettre à la fin";
  button.removeAttribute("aria-label");
  return other;
}

function say(element, text, ...more) {
  element.replaceChildren(text, ...more);
  element.hidden = false;
}

async function sent(form, value) {
  const body = new URLSearchParams(new FormData(form));
  body.set("chosen", value);
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(8_000) });
    return answer.ok && answer.headers.has("X-Contrib"); // not that of a portal that answers in its place
  } catch {
    return false;
  }
}
