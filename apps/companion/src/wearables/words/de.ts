import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const german: Translated<typeof english> = {
  title: 'Tage Ihrer Uhr',
  lead: 'Die Datei wird auf diesem Telefon gelesen und bleibt hier. Nur die angekreuzten Tage werden gesendet, je eine Zeile: keine Uhrzeiten, keine Orte, keine einzelnen Herzschläge.',
  choose: 'export.zip, export.xml oder eine JSON-Datei wählen',
  reading: 'Wird gelesen',
  tick: 'Kreuzen Sie die Tage an, die gesendet werden',
  all: 'Alle gezeigten ankreuzen',
  none: 'Keinen ankreuzen',
  date: 'Tag',
  shown: 'Gezeigt werden Tage Ihrer Zeit in der Studie.',
  noDays: 'Die Datei enthält keinen Tag Ihrer Zeit in der Studie.',
  send: {
    one: '{n} Tag senden',
    other: '{n} Tage senden',
  },
  label: 'Tage einer Uhr oder eines Telefons',
  measures: {
    sleepMinutes: 'Schlaf, min',
    steps: 'Schritte',
    heartRate: 'Herzfrequenz, /min',
    hrvSdnnMs: 'HRV (SDNN) in ms',
    hrvRmssdMs: 'HRV (RMSSD) in ms',
    daylightMinutes: 'Tageslicht, min',
  },
  faults: {
    empty: 'Die Datei ist leer. Exportieren Sie noch einmal und wählen Sie die neue Datei.',
    zip_broken: 'Die Datei bricht ab. Exportieren Sie noch einmal und wählen Sie die neue Datei.',
    zip_without_export:
      'Dieses Archiv ist nicht das, das Apple Health unter „Alle Gesundheitsdaten exportieren“ erstellt.',
    xml_broken: 'Die Datei bricht ab oder wurde verändert. Exportieren Sie noch einmal.',
    xml_foreign: 'Das ist kein Export von Apple Health.',
    json_broken: 'Die Datei ist nicht vollständig. Exportieren Sie noch einmal und wählen Sie die neue Datei.',
    json_too_large: 'Die Datei ist zu groß für dieses Telefon. Exportieren Sie weniger Tage.',
    kind_unknown: 'Das ist weder ein Export von Apple Health noch sind es Daten von Health Connect oder Open mHealth.',
    dates_unreadable: 'Kein Datum in der Datei ist lesbar.',
    nothing_found: 'Die Datei wurde gelesen und enthält weder Schlaf noch Schritte, Herzfrequenz oder Tageslicht.',
    failed: 'Die Datei konnte nicht gelesen werden.',
    full: 'Dieses Telefon hält zu viele nicht gesendete Einträge. Gehen Sie zuerst online.',
  },
};

export default german;
