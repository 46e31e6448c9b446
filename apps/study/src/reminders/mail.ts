/** Reminders by e-mail: one neutral sentence, no link, no name of a study, a clinic or a person. */
import type { reminderLanguages } from './words.ts';
import { mailWords } from './words.ts';

export type MailSettings = {
  /** Such as `smtps://user:password@mail.example`. */
  readonly smtpUrl: string;
  readonly from: string;
};

export type Mailer = {
  /** False where it could not be handed over. */
  send(to: string, language: (typeof reminderLanguages)[number]): Promise<boolean>;
  close(): void;
};

const withinMs = 15_000;

export async function openMailer({ smtpUrl, from }: MailSettings): Promise<Mailer> {
  const { createTransport } = await import('nodemailer');
  const timeouts = { connectionTimeout: withinMs, greetingTimeout: withinMs, socketTimeout: withinMs };
  const transport = createTransport({ url: smtpUrl, ...timeouts });
  return {
    async send(to, language) {
      const { subject, text } = mailWords[language];
      try {
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text });
        return true;
      } catch {
        return false;
      }
    },
    close: () => transport.close(),
  };
}
