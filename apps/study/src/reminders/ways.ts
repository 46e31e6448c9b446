/** By which ways this server can remind; opened once at the start. */
import { type Mailer, type MailSettings, openMailer } from './mail.ts';
import { pushHosts, type VapidKey, vapidKeyOf } from './push.ts';

export type ReminderSettings = {
  /** How push services reach the operator, such as `mailto:study@clinic.example`; absent: no web push. */
  readonly pushSubject?: string | undefined;
  /** Instead of the services of the browsers. */
  readonly pushHosts?: readonly string[] | undefined;
  /** Absent: no e-mail. */
  readonly mail?: MailSettings | undefined;
};

/** What there is to remind with. */
export type ReminderWays = {
  readonly vapid: { readonly key: VapidKey; readonly subject: string } | null;
  readonly pushHosts: readonly string[];
  readonly mailer: Mailer | null;
};

export async function openWays(settings: ReminderSettings, scalar: Buffer): Promise<ReminderWays> {
  const { pushSubject, mail } = settings;
  return {
    vapid: pushSubject === undefined ? null : { key: vapidKeyOf(scalar), subject: pushSubject },
    pushHosts: settings.pushHosts ?? pushHosts,
    mailer: mail === undefined ? null : await openMailer(mail),
  };
}
