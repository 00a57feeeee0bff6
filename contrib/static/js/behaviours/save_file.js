// « Sauver mes notes dans un fichier », with no network: what one can read, and the exact data.
export function offerFile(page, journal) {
  const button = document.getElementById("save-file");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const operations = await journal.all();
    const notes = [...page.querySelectorAll(".note .said")].map((note) => `- ${note.textContent.trim()}`);
    const unsent = operations.filter((o) => o.state !== "done").map((o) => `- ${o.label}`);
    const text = [
      `Notes de « ${document.querySelector("h1").textContent.trim().replace(/\s+/g, " ")} »`,
      `Enregistrées depuis cet ordinateur le ${new Date().toLocaleString("fr")}`,
      "",
      `Pas encore reçues par le serveur (${unsent.length})`,
      ...unsent,
      "",
      `Notes connues de ce navigateur (${notes.length})`,
      ...notes,
      "",
      "Données exactes, à ne pas modifier :",
      JSON.stringify({ format: 1, workshop: journal.workshop, operations }),
      "",
    ].join("\r\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/plain;charset=utf-8" }));
    link.download = `notes-${location.pathname.split("/").pop()}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}
