// A word of the desk: « Bien reçu » is sent without leaving the page, and not journalled: where it cannot
// be sent now, the word stays and says so.
const TIMEOUT_MS = 8_000;
const NOT_SENT = "Pas encore transmis\u00a0: réessayez quand le réseau revient.";

export function deskNotice(region) {
  // before the journal sees it, which takes every form of the page
  document.addEventListener("submit", (event) => region.contains(event.submitter) && acknowledge(event), true);

  async function acknowledge(event) {
    event.preventDefault();
    const button = event.submitter;
    const notice = button.closest(".desk-message");
    if (await sent(button)) {
      notice.remove();
      document.getElementById("text").focus({ preventScroll: true });
    } else if (!notice.querySelector(".warn")) {
      const said = document.createElement("span");
      said.className = "warn";
      said.textContent = NOT_SENT;
      button.before(said);
    }
  }
}

async function sent(button) {
  const options = () => ({ headers: { Accept: "application/json" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  try {
    const body = new URLSearchParams(new FormData(button.form));
    const { csrf_token: token } = await (
      await fetch(document.querySelector("[data-token]").dataset.token, options())
    ).json();
    body.set("csrf_token", token);
    const answer = await fetch(button.formAction, { method: "POST", body, ...options() });
    return answer.ok && (await answer.json()).outcome === "accepted";
  } catch {
    return false;
  }
}
