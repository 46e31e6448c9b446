/** Where in the app we are: the part of the address after `#`, so that any address opens without the network. */
import { useEffect, useState } from 'preact/hooks';

export type Place = { readonly path: readonly string[]; readonly query: URLSearchParams };

export function readPlace(): Place {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

export function go(path: string): void {
  location.hash = `#/${path}`;
}

export function goBack(): void {
  if (history.length > 1) history.back();
  else go('');
}

/** Leaves no trace of the present address in the history, such as one that holds a code. */
export function goInstead(path: string): void {
  location.replace(`#/${path}`);
}

export function usePlace(): Place {
  const [place, setPlace] = useState(readPlace);
  useEffect(() => {
    const listener = () => setPlace(readPlace());
    window.addEventListener('hashchange', listener);
    return () => window.removeEventListener('hashchange', listener);
  }, []);
  return place;
}
