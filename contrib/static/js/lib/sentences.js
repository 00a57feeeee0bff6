// What the state line says: where the notes are, and the one thing to do.
import { BUSY, CLEAR, CODE, GONE, OFFLINE, PORTAL, PROXY, SILENT } from "./sender.js";

// Hours are those of the room, whatever the laptop's clock and zone say.
export function hour(date, timeZone) {
  const parts = new Intl.DateTimeFormat("fr", { timeZone, hour: "numeric", minute: "2-digit" }).formatToParts(date);
  const part = (type) => parts.find((one) => one.type === type).value;
  return `${Number(part("hour"))}\u00a0h\u00a0${part("minute")}`;
}

const isNote = (operation) => ["notes", "list"].includes(operation.action);

function counted(operations) {
  const [one, many] = operations.every(isNote) ? ["note", "notes"] : ["changement", "changements"];
  return operations.length === 1 ? `1\u00a0${one} est encore` : `${operations.length}\u00a0${many} sont encore`;
}

// Where the browser keeps nothing, the line does not say that it does.
const meanwhile = (keeps) =>
  keeps ? "Continuez\u00a0: rien ne se perd." : "Ce que vous tapez n’est que sur cette page\u00a0: ne la fermez pas.";

const WAYS = {
  [OFFLINE]: (since, keeps) => `Le réseau est coupé depuis ${since}. ${meanwhile(keeps)}`,
  [SILENT]: (since, keeps) => `Le serveur ne répond plus depuis ${since}. ${meanwhile(keeps)} Prévenez l’organisation.`,
  [PORTAL]: () => "Le Wi-Fi demande une connexion. Ouvrez un autre onglet, connectez-vous, puis revenez ici.",
  [PROXY]: () =>
    "Un intermédiaire du réseau refuse l’envoi. Changez de réseau (un téléphone convient), gardez cet onglet.",
  [CODE]: (_, keeps) =>
    "Le code de l’atelier est à entrer à nouveau, dans un autre onglet. " +
    `Gardez celui-ci${keeps ? "\u00a0: rien ne se perd" : ""}.`,
  [GONE]: () => "Cet atelier n’est plus dans le programme. Gardez cet onglet et prévenez l’organisation.",
  [BUSY]: (_, keeps) =>
    `Le serveur ne peut pas enregistrer pour l’instant. ${meanwhile(keeps)} Prévenez l’organisation.`,
};

export function stateSentence({ way, open, parked, since, keeps, fields = [] }) {
  const here = open.length ? `${counted(open)} sur cet ordinateur` : "";
  const refused =
    parked.length === 1
      ? "1\u00a0refus est à relire ci-dessous."
      : `${parked.length}\u00a0refus sont à relire ci-dessous.`;
  if (way !== CLEAR) return [here && `${here}.`, WAYS[way](since, keeps)].filter(Boolean).join(" ");
  if (parked.length) return here ? `${here}. ${refused}` : refused;
  if (here) return `${here}\u00a0: envoi en cours`;
  const unsaved = fields.filter((field) => field.unsaved).map(({ name }) => name);
  return unsaved.length ? `Pas encore reçu\u00a0: ${unsaved.join(", ")}` : "Tout est reçu";
}

// After « C'est prêt »: what this page holds that is not received, each with the place where it
// can be settled; the network is named only where it is the network.
export function readiness({ way, open, parked, fields = [], boxed, edited = [] }) {
  const left = [
    ...parked.map(({ label, sentence }) => ({
      text: `Refusé\u00a0: «\u00a0${short(label)}\u00a0» ${sentence}`,
      place: "waiting",
    })),
    ...fields
      .filter(({ unsaved }) => unsaved)
      .map(({ name, refusal, place }) => ({ text: `${name}\u00a0: ${refusal || "pas encore reçu."}`, place })),
    ...(boxed ? [{ text: "La boîte contient un texte qui n’est pas noté.", place: "text" }] : []),
    ...edited.map(({ reference, place }) => ({
      text: `${reference} est ouverte\u00a0: enregistrez-la, ou laissez-la comme avant.`,
      place,
    })),
  ];
  const cut = [OFFLINE, SILENT, PORTAL, PROXY].includes(way);
  if (open.length) return { sentence: `Ne fermez pas\u00a0: ${counted(open)} ici.`, left, cut };
  if (left.length) return { sentence: "Pas encore\u00a0: il reste quelque chose sur cette page.", left, cut: false };
  if (way === CLEAR) return { sentence: "Tout est reçu, vous pouvez fermer cet ordinateur.", left, cut };
  return {
    sentence:
      "Tout ce qui a été noté ici est reçu, mais le serveur ne répond plus\u00a0: gardez cet onglet si vous le pouvez.",
    left,
    cut: false,
  };
}

const short = (text) => (text.length > 80 ? `${text.slice(0, 79).trimEnd()}…` : text);
