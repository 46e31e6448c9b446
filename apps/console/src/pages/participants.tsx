export function Participants() { return null; }
