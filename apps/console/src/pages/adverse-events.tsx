export function AdverseEvents() { return null; }
