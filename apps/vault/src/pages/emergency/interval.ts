/** `45 seconds`, `12 minutes`, `3 hours 20 minutes`, `4 days 2 hours`. */
export function formatInterval(seconds: number): string {
  if (seconds < 60) return counted(Math.round(seconds), 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return counted(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return joined(counted(hours, 'hour'), minutes % 60, 'minute');
  return joined(counted(Math.floor(hours / 24), 'day'), hours % 24, 'hour');
}

const counted = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
const joined = (first: string, rest: number, word: string) => (rest === 0 ? first : `${first} ${counted(rest, word)}`);
