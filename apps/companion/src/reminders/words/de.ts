import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const german: Translated<typeof english> = {
  title: 'Erinnerungen',
  lead: 'Eine Erinnerung sagt nur, dass Sie darum gebeten haben. Sie nennt keine Studie, keine Kapsel und keine Frage. Ist der Tag erledigt, kommt keine.',
  way: 'Wie',
  none: 'Keine Erinnerungen',
  push: 'Auf diesem Telefon',
  email: 'Per E-Mail',
  noPush: 'Der Server der Studie ist nicht dafür eingerichtet, an Telefone zu senden.',
  noEmail: 'Der Server der Studie ist nicht dafür eingerichtet, E-Mails zu senden.',
  notAble:
    'Dieser Browser kann keine Erinnerungen zeigen. Auf einem iPhone die App erst zum Home-Bildschirm hinzufügen.',
  denied: 'Der Browser darf für diese App nichts anzeigen. Ändern Sie das erst in seinen Einstellungen.',
  hour: 'Ab',
  quietFrom: 'Nie von',
  quietUntil: 'bis',
  zone: 'Nach der Uhr von {zone}.',
  address: 'E-Mail-Adresse',
  addressHint: 'Wird getrennt von Ihren Antworten aufbewahrt und vergessen, wenn Sie einen anderen Weg wählen.',
  save: 'Speichern',
  saved: 'Gespeichert.',
  snooze: 'In einer Stunde wieder erinnern',
  snoozed: 'Sie werden nach {when} wieder erinnert.',
  calendar: 'In Ihrem Kalender',
  calendarLead:
    'Eine Adresse für jedes Kalenderprogramm zeigt, wann etwas ansteht, unter dem Wort „Diary“. Wer die Adresse hat, kann sie lesen.',
  makeCalendar: 'Adresse erstellen',
  makeAnother: 'Neue erstellen; die alte gilt nicht mehr',
  revoke: 'Adresse ungültig machen',
  copyHint: 'Kopieren Sie sie jetzt in Ihr Kalenderprogramm; sie wird nur einmal gezeigt.',
  revoked: 'Die Adresse gilt nicht mehr.',
  offline: 'Dafür ist eine Verbindung nötig.',
  failed: 'Das konnte nicht gespeichert werden. Nichts hat sich geändert.',
};

export default german;
