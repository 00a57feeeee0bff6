// The key, in small letters, of somebody who is not writing; empty with Ctrl, Alt or in a field.
export function plainKey({ key, ctrlKey, altKey, metaKey, target }) {
  const writing = target.matches?.("textarea, select, input:not([type=checkbox])");
  return ctrlKey || altKey || metaKey || writing ? "" : key.toLowerCase();
}
