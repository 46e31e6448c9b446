/** Why a file could not be read, in a sentence a person can act on. */
export const wearableErrors = {
  empty: 'The file is empty. Export again, and choose the new file.',
  zip_broken: 'The file breaks off: it was not exported or copied to the end. Export again, and choose the new file.',
  zip_without_export:
    'The archive holds no export.xml. Choose the file that Apple Health made under “Export All Health Data”.',
  xml_broken: 'The file breaks off or was changed: it cannot be read to its end. Export again.',
  xml_foreign: 'This is not an export of Apple Health. Choose export.zip or export.xml.',
  json_broken: 'The file is not complete JSON. Export again, and choose the new file.',
  json_too_large: 'The file is too large to be read on this phone. Export fewer days, and try again.',
  kind_unknown: 'This is neither an export of Apple Health nor records of Health Connect or Open mHealth.',
  dates_unreadable:
    'No date in the file can be read. Set the phone’s region to one with the usual calendar, and export again.',
  nothing_found: 'The file was read, and holds no sleep, steps, heart rate or daylight.',
} as const;

export type WearableErrorCode = keyof typeof wearableErrors;

export class WearableError extends Error {
  override readonly name = 'WearableError';
  readonly code: WearableErrorCode;

  constructor(code: WearableErrorCode) {
    super(wearableErrors[code]);
    this.code = code;
  }
}
