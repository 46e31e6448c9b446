import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const dutch: Translated<typeof english> = {
  title: 'Herinneringen',
  lead: 'Een herinnering zegt alleen dat u erom vroeg. Ze noemt geen onderzoek, capsule of vraag. Is de dag klaar, dan komt er geen.',
  way: 'Hoe',
  none: 'Geen herinneringen',
  push: 'Op deze telefoon',
  email: 'Per e-mail',
  noPush: 'De server van het onderzoek is niet ingesteld om naar telefoons te sturen.',
  noEmail: 'De server van het onderzoek is niet ingesteld om e-mail te sturen.',
  notAble: 'Deze browser kan geen herinneringen tonen. Zet de app op een iPhone eerst op het beginscherm.',
  denied: 'De browser mag voor deze app geen meldingen tonen. Wijzig dat eerst in de instellingen.',
  hour: 'Vanaf',
  quietFrom: 'Nooit van',
  quietUntil: 'tot',
  zone: 'Volgens de klok van {zone}.',
  address: 'E-mailadres',
  addressHint: 'Apart van uw antwoorden bewaard, en vergeten als u een andere manier kiest.',
  save: 'Opslaan',
  saved: 'Opgeslagen.',
  snooze: 'Herinner mij over een uur opnieuw',
  snoozed: 'U wordt na {when} opnieuw herinnerd.',
  calendar: 'In uw agenda',
  calendarLead:
    'Een adres voor elk agendaprogramma toont wanneer er iets te doen is, onder het woord “Diary”. Wie het adres heeft, kan het lezen.',
  makeCalendar: 'Adres maken',
  makeAnother: 'Nieuw adres maken; het oude werkt dan niet meer',
  revoke: 'Adres laten vervallen',
  copyHint: 'Kopieer het nu naar uw agenda; het wordt één keer getoond.',
  revoked: 'Het adres werkt niet meer.',
  offline: 'Hiervoor is een verbinding nodig.',
  failed: 'Dit kon niet worden opgeslagen. Er is niets veranderd.',
};

export default dutch;
