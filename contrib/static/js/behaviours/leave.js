// « Sortir » of a lent laptop: what the server holds leaves this browser; what it does not hold
// stays, and the page says so first.
import { openDatabase } from "../lib/database.js";
import { forgetReceived } from "../lib/journal.js";
import { forgetDocuments } from "../lib/kept_document.js";

export function leave(form) {
  let warned = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const kept = await forgotten();
    if (kept && !warned) {
      warned = true;
      return say(form, kept);
    }
    dispatchEvent(new CustomEvent("leaving"));
    form.submit();
  });
}

// How many texts the server does not have; 0 where this browser keeps nothing.
async function forgotten() {
  try {
    const db = await openDatabase();
    const kept = await forgetReceived(db);
    db.close();
    await forgetDocuments();
    return kept;
  } catch {
    return 0;
  }
}

function say(form, kept) {
  const alert = document.createElement("p");
  alert.className = "alert";
  alert.setAttribute("role", "alert");
  const [what, stays] =
    kept === 1
      ? ["1\u00a0texte n’est pas encore reçu", "Il reste"]
      : [`${kept}\u00a0textes ne sont pas encore reçus`, "Ils restent"];
  const where = `${stays} sur cet ordinateur, pour qui y rouvrira l’atelier avec son code.`;
  alert.textContent = `${what}. ${where} Pressez encore une fois pour sortir quand même.`;
  form.append(alert);
  form.querySelector("button").textContent = "Sortir quand même";
}
