// The presenter's document stays in this browser, and is handed over from here with no network at all.
import { keepDocument, keptDocument } from "../lib/kept_document.js";

const ANSWER_MS = 3_000; // after this the kept one is better than a button that does nothing
const WHOLE_MS = 60_000;
const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

export function keptDocumentButton(element) {
  const { copy, event: key } = element.dataset;
  const link = element.querySelector("[data-hands]");
  const said = element.querySelector("[data-kept]");
  let kept = null;
  let fetching = false;

  const ready = keptDocument(key).then(show, () => {}); // a browser that keeps nothing: the button is a link
  document.addEventListener("news", ({ detail }) => ready.then(() => follow(detail.document)));
  link.addEventListener("click", hand);

  function show(found) {
    if (!found) return;
    kept = found;
    say(`Gardé dans ce navigateur, même sans réseau\u00a0: ${named(kept)}.`);
  }

  async function follow(latest) {
    if (!latest || fetching || latest.fingerprint === kept?.fingerprint) return;
    fetching = true;
    try {
      const response = await fetch(copy, { signal: AbortSignal.timeout(WHOLE_MS) });
      const facts = JSON.parse(response.headers.get("X-Document"));
      if (response.ok && (await keepDocument(key, facts, await response.arrayBuffer()))) show(await keptDocument(key));
    } catch {
      // cut on its way: the one that is here stays
    } finally {
      fetching = false;
    }
  }

  async function hand(click) {
    if (!kept) return;
    click.preventDefault();
    if (await answers()) return void (location.href = link.href);
    const file = document.createElement("a");
    file.href = URL.createObjectURL(new Blob([kept.bytes], { type: WORD }));
    file.download = kept.name;
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 10_000);
    say(`Le serveur ne répond pas\u00a0: voici le document gardé ici, ${named(kept)}.`);
  }

  async function answers() {
    try {
      return (await fetch(copy, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_MS) })).status < 500;
    } catch {
      return false;
    }
  }

  function say(text) {
    if (said.textContent !== text) said.textContent = text;
  }
}

function named({ taken, edition, length }) {
  const version = edition ? `, version n°\u00a0${edition}` : "";
  return `état ${taken}${version}, ${Math.max(1, Math.round(length / 1_000))}\u00a0ko`;
}
