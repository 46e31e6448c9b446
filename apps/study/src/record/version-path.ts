/** The versions of the protocol that somebody consented to, as one text: `1.0.0` or `1.0.0;2.0.0@2027-03-14`. */
import type { ParticipantState } from '@limen/conduct';
import type { VersionConsent } from '@limen/protocol';

export function versionPathOf({ versions, protocolVersion }: ParticipantState): string | null {
  if (versions === undefined) return protocolVersion;
  return versions
    .map(({ protocolVersion: version, fromDate }) => (fromDate === null ? version : `${version}@${fromDate}`))
    .join(';');
}

export function consentsIn(versionPath: string | null): VersionConsent[] {
  return (versionPath ?? '')
    .split(';')
    .filter((part) => part !== '')
    .map((part) => {
      const [protocolVersion = '', fromDate = null] = part.split('@');
      return { protocolVersion, fromDate };
    });
}

/** Consents as they count: records older than amendments name the version at randomisation only. */
export function consentsOf(state: ParticipantState): VersionConsent[] {
  return consentsIn(versionPathOf(state));
}
