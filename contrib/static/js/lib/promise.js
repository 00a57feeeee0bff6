// What this browser can promise for what is typed: said on the page, and no more than it is.
// Chromium hides on purpose that a window is private, and plain http has no way to ask.
const KEPT =
  "Ce que vous notez reste sur cet ordinateur jusqu’à sa réception " +
  "(sauf en navigation privée, une fois la fenêtre fermée).";
export const NOTHING_KEPT = "Ce navigateur ne garde plus rien\u00a0: une note n’est sauve qu’une fois reçue.";

// Shows it: under the notes where all is well, under the box where one has to know it.
export async function showPromise(place, journal) {
  const sentence = await promiseSentence(journal);
  place.textContent = sentence;
  if (sentence !== KEPT) document.querySelector(".composer").after(place);
}

async function promiseSentence(journal) {
  if (!journal) {
    return (
      "Ce navigateur ne peut rien garder (fenêtre privée\u00a0?)\u00a0: une note n’est sauve qu’une fois reçue. " +
      "Changez de navigateur si vous le pouvez."
    );
  }
  if (await isPrivate()) {
    return (
      "Fenêtre privée\u00a0: ce qui n’est pas encore reçu serait perdu en la fermant. " +
      "Ouvrez plutôt cette page dans une fenêtre ordinaire."
    );
  }
  if ("reopened" in document.documentElement.dataset) {
    return (
      "Page rouverte sans réseau\u00a0: les notes des collègues sont celles de la dernière connexion. " +
      "Ce que vous notez est gardé."
    );
  }
  if (!isSecureContext) {
    return (
      "Gardez cet onglet ouvert\u00a0: sans réseau, cette page ne peut pas être rouverte. " +
      "Vos notes, elles, restent sur cet ordinateur (sauf en navigation privée)."
    );
  }
  return KEPT;
}

// Firefox and Safari refuse this folder in a private window.
function isPrivate() {
  if (!navigator.storage?.getDirectory) return false;
  return navigator.storage.getDirectory().then(
    () => false,
    (error) => error.name === "SecurityError",
  );
}
