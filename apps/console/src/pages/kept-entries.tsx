export function KeptEntries() { return null; }
