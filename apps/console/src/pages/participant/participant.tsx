export function Participant() { return null; }
