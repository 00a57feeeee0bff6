// What « Sauver mes notes dans un fichier » writes: what people can read, then the exact data.
const FORMAT = 3; // contrib/intake/saved_file.py reads it

export function savedFile({ title, when, operations, notes, ...data }) {
  const held = operations.filter(({ action, state }) => state !== "discarded" && action !== "signature");
  const unsent = held.filter(({ state }) => state !== "done");
  const aside = operations.filter(({ state }) => state === "discarded");
  return [
    `Notes de « ${title} »`,
    `Enregistrées depuis cet ordinateur le ${when}`,
    "",
    `Pas encore reçues par le serveur (${unsent.length})`,
    ...unsent.map((operation) => `- ${operation.label}`),
    "",
    `Laissées de côté sur cet ordinateur (${aside.length})`,
    ...aside.map((operation) => `- ${operation.label}`),
    "",
    `Notes connues de ce navigateur (${notes.length})`,
    ...notes.map(readable),
    "",
    "Données exactes, à ne pas modifier :",
    // one line, and no line end of Unicode in it, for whoever opens the file in between
    JSON.stringify({ format: FORMAT, ...data, notes, operations: held }).replace(
      /[\u0085\u2028\u2029]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
    "",
  ].join("\r\n");
}

function readable({ wordings, reference, withdrawn }) {
  const said = wordings.map(({ text }) => text).join(" / ou : ");
  return `- ${said}${reference ? ` (${reference})` : ""}${withdrawn ? ", retirée" : ""}`;
}
