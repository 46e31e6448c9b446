import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const czech: Translated<typeof english> = {
  title: 'Dny z vašich hodinek',
  lead: 'Soubor se čte v tomto telefonu a zůstává zde. Odešlou se jen dny, které zaškrtnete, každý jako jeden řádek: žádné časy, žádná místa, žádné jednotlivé tepy.',
  choose: 'Vyberte export.zip, export.xml nebo soubor JSON',
  reading: 'Čte se',
  tick: 'Zaškrtněte dny k odeslání',
  all: 'Zaškrtnout všechny zobrazené',
  none: 'Nezaškrtnout žádný',
  date: 'Den',
  shown: 'Zobrazují se dny vašeho času ve studii.',
  noDays: 'Soubor neobsahuje žádný den vašeho času ve studii.',
  send: {
    one: 'Odeslat {n} den',
    few: 'Odeslat {n} dny',
    many: 'Odeslat {n} dne',
    other: 'Odeslat {n} dní',
  },
  label: 'Dny z hodinek nebo telefonu',
  measures: {
    sleepMinutes: 'Spánek, min',
    steps: 'Kroky',
    heartRate: 'Tepová frekvence, /min',
    hrvSdnnMs: 'HRV (SDNN) v ms',
    hrvRmssdMs: 'HRV (RMSSD) v ms',
    daylightMinutes: 'Denní světlo, min',
  },
  faults: {
    empty: 'Soubor je prázdný. Exportujte znovu a vyberte nový soubor.',
    zip_broken: 'Soubor je neúplný. Exportujte znovu a vyberte nový soubor.',
    zip_without_export: 'Tento archiv není ten, který vytváří Apple Zdraví volbou „Exportovat všechna zdravotní data“.',
    xml_broken: 'Soubor je neúplný nebo byl změněn. Exportujte znovu.',
    xml_foreign: 'Toto není export z Apple Zdraví.',
    json_broken: 'Soubor není úplný. Exportujte znovu a vyberte nový soubor.',
    json_too_large: 'Soubor je pro tento telefon příliš velký. Exportujte méně dnů.',
    kind_unknown: 'Toto není export z Apple Zdraví ani záznamy Health Connect nebo Open mHealth.',
    dates_unreadable: 'V souboru nelze přečíst žádné datum.',
    nothing_found: 'Soubor byl přečten a neobsahuje spánek, kroky, tepovou frekvenci ani denní světlo.',
    failed: 'Soubor se nepodařilo přečíst.',
    full: 'Tento telefon drží příliš mnoho neodeslaných záznamů. Nejdříve se připojte k síti.',
  },
};

export default czech;
