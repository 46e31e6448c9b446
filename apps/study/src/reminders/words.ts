/** What a reminder says. Somebody who looks over a shoulder learns that a person wanted to be reminded of something. */
export const reminderLanguages = ['en', 'de', 'es', 'pt', 'nl', 'cs'] as const;

export type ReminderLanguage = (typeof reminderLanguages)[number];

export const mailWords: Readonly<Record<ReminderLanguage, { subject: string; text: string }>> = {
  en: { subject: 'Reminder', text: 'You asked to be reminded. You can turn this off in the app.\n' },
  de: { subject: 'Erinnerung', text: 'Sie wollten erinnert werden. In der App können Sie das ausschalten.\n' },
  es: { subject: 'Recordatorio', text: 'Pidió que se le recordara. Puede desactivarlo en la aplicación.\n' },
  pt: { subject: 'Lembrete', text: 'Pediu para ser lembrado. Pode desligar isto na aplicação.\n' },
  nl: { subject: 'Herinnering', text: 'U wilde herinnerd worden. U kunt dit in de app uitzetten.\n' },
  cs: { subject: 'Připomínka', text: 'Chtěli jste připomenutí. V aplikaci je můžete vypnout.\n' },
};
