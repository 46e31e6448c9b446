/** One file, pushed in pieces as it is read: what kind it is shows in its first bytes. */
import { DecodeUTF8, strFromU8, Unzip, UnzipInflate } from 'fflate';
import { type AppleReader, appleReader } from './apple.ts';
import { type DayCollector, type DaySummary, dayCollector } from './days.ts';
import { WearableError } from './errors.ts';
import { readJson } from './json.ts';

export type WearableSource = 'appleHealth' | 'healthConnect' | 'openMHealth';
export type ReadExport = { readonly source: WearableSource; readonly days: readonly DaySummary[] };

export type ExportReader = {
  /** @throws WearableError */
  push(bytes: Uint8Array): void;
  /** @throws WearableError */
  end(): ReadExport;
};

/** JSON is read whole; an archive or XML of any size is not. */
const jsonCharacters = 100_000_000;

type Kind = { push(bytes: Uint8Array): void; end(): WearableSource };

export function exportReader(): ExportReader {
  const days = dayCollector();
  let kind: Kind | null = null;
  let head = new Uint8Array(0);
  const begin = (): Kind => {
    const begun = kindOf(head, days);
    kind = begun;
    begun.push(head);
    return begun;
  };
  return {
    push(bytes) {
      if (kind !== null) {
        kind.push(bytes);
        return;
      }
      head = joined(head, bytes);
      if (head.length >= headBytes) begin();
    },
    end() {
      if (kind === null && head.length === 0) throw new WearableError('empty');
      const source = (kind ?? begin()).end();
      const found = days.days();
      if (found.length === 0) throw new WearableError('nothing_found');
      return { source, days: found };
    },
  };
}

/** Enough to tell what a file is, a byte order mark and blank lines included. */
const headBytes = 64;

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function kindOf(bytes: Uint8Array, days: DayCollector): Kind {
  const head = strFromU8(withoutMark(bytes), true).trimStart();
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return zipKind(appleReader(days));
  if (head.startsWith('<')) return xmlKind(appleReader(days));
  if (head.startsWith('{') || head.startsWith('[')) return jsonKind(days);
  throw new WearableError('kind_unknown');
}

const withoutMark = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

/** Text of bytes that may be cut inside a character. */
function textOf(take: (text: string) => void, broken: 'xml_broken' | 'json_broken') {
  const decoder = new DecodeUTF8((text) => take(text));
  let isFirst = true;
  const push = (bytes: Uint8Array, final: boolean) => {
    try {
      decoder.push(isFirst ? withoutMark(bytes) : bytes, final);
      isFirst = false;
    } catch (error) {
      throw error instanceof WearableError ? error : new WearableError(broken);
    }
  };
  return { push: (bytes: Uint8Array) => push(bytes, false), end: () => push(new Uint8Array(0), true) };
}

function xmlKind(reader: AppleReader): Kind {
  const text = textOf(reader.push, 'xml_broken');
  return {
    push: text.push,
    end() {
      text.end();
      reader.end();
      return 'appleHealth';
    },
  };
}

/** Of the archive, only `export.xml` is unpacked; the folder’s name is that of the phone’s language. */
function zipKind(reader: AppleReader): Kind {
  const xml = xmlKind(reader);
  let [found, complete] = [false, false];
  const unzip = new Unzip((file) => {
    const name = file.name.split('/').at(-1) ?? '';
    // Some regions name it in their own language; the clinical document beside it ends in _cda.xml.
    if (found || !/\.xml$/i.test(name) || /_cda\.xml$/i.test(name)) return;
    found = true;
    file.ondata = (error, bytes, final) => {
      if (error !== null) throw error;
      xml.push(bytes);
      if (final) complete = true;
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  const push = (bytes: Uint8Array, final: boolean) => {
    try {
      unzip.push(bytes, final);
    } catch (error) {
      throw error instanceof WearableError ? error : new WearableError('zip_broken');
    }
  };
  return {
    push: (bytes) => push(bytes, false),
    end() {
      if (!complete) {
        push(new Uint8Array(0), true);
        if (!complete) throw new WearableError(found ? 'zip_broken' : 'zip_without_export');
      }
      return xml.end();
    },
  };
}

function jsonKind(days: DayCollector): Kind {
  let whole = '';
  const text = textOf((part) => {
    whole += part;
    if (whole.length > jsonCharacters) throw new WearableError('json_too_large');
  }, 'json_broken');
  return {
    push: text.push,
    end() {
      text.end();
      return readJson(whole, days);
    },
  };
}
