// The last document in this browser, apart from the journal's own store: replaced only by one that has
// wholly arrived.
const NAME = "contrib-documents";
const STORE = "documents";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}

async function inStore(mode, work) {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(STORE, mode, { durability: "strict" });
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

// The facts of a document ({name, length, fingerprint, taken, edition}) and its bytes; undefined where
// there is none.
export const keptDocument = (event) => inStore("readonly", (store) => store.get(event));

// Keeps it if it is whole; whether it was.
export async function keepDocument(event, facts, bytes) {
  if (bytes.byteLength !== facts.length) return false;
  await inStore("readwrite", (store) => store.put({ ...facts, bytes }, event));
  return true;
}

export function forgetDocuments() {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}
