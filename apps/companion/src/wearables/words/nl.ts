import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const dutch: Translated<typeof english> = {
  title: 'Dagen van uw horloge',
  lead: 'Het bestand wordt op deze telefoon gelezen en blijft hier. Alleen de dagen die u aanvinkt worden verstuurd, één regel per dag: geen tijden, geen plaatsen, geen losse hartslagen.',
  choose: 'Kies export.zip, export.xml of een JSON-bestand',
  reading: 'Bezig met lezen',
  tick: 'Vink de dagen aan die u verstuurt',
  all: 'Alle getoonde aanvinken',
  none: 'Geen aanvinken',
  date: 'Dag',
  shown: 'Getoond worden dagen van uw tijd in de studie.',
  noDays: 'Het bestand bevat geen dag van uw tijd in de studie.',
  send: {
    one: '{n} dag versturen',
    other: '{n} dagen versturen',
  },
  label: 'Dagen van een horloge of telefoon',
  measures: {
    sleepMinutes: 'Slaap, min',
    steps: 'Stappen',
    heartRate: 'Hartslag, /min',
    hrvSdnnMs: 'HRV (SDNN) in ms',
    hrvRmssdMs: 'HRV (RMSSD) in ms',
    daylightMinutes: 'Daglicht, min',
  },
  faults: {
    empty: 'Het bestand is leeg. Exporteer opnieuw en kies het nieuwe bestand.',
    zip_broken: 'Het bestand breekt af. Exporteer opnieuw en kies het nieuwe bestand.',
    zip_without_export: 'Dit archief is niet dat wat Apple Gezondheid maakt met ‘Exporteer alle gezondheidsgegevens’.',
    xml_broken: 'Het bestand breekt af of is gewijzigd. Exporteer opnieuw.',
    xml_foreign: 'Dit is geen export van Apple Gezondheid.',
    json_broken: 'Het bestand is niet volledig. Exporteer opnieuw en kies het nieuwe bestand.',
    json_too_large: 'Het bestand is te groot voor deze telefoon. Exporteer minder dagen.',
    kind_unknown:
      'Dit is geen export van Apple Gezondheid en het zijn geen gegevens van Health Connect of Open mHealth.',
    dates_unreadable: 'Geen datum in het bestand is leesbaar.',
    nothing_found: 'Het bestand is gelezen en bevat geen slaap, stappen, hartslag of daglicht.',
    failed: 'Het bestand kon niet worden gelezen.',
    full: 'Deze telefoon houdt te veel niet-verstuurde gegevens vast. Ga eerst online.',
  },
};

export default dutch;
