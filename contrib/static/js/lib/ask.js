// One question to the server: what it answered (null where it did not) and with which status (0: nothing).
const TIMEOUT_MS = 8_000;

export async function ask(url) {
  try {
    const headers = { Accept: "application/json" };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: response.status, answer: response.ok ? await response.json() : null };
  } catch {
    return { status: 0, answer: null };
  }
}
