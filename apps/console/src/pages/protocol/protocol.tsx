export function Protocol() { return null; }
