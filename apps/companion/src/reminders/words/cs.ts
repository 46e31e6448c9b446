import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const czech: Translated<typeof english> = {
  title: 'Připomínky',
  lead: 'Připomínka říká jen to, že jste o ni požádali. Nejmenuje studii, tobolku ani otázku. Když je den hotový, nepřijde.',
  way: 'Jak',
  none: 'Bez připomínek',
  push: 'Na tomto telefonu',
  email: 'E-mailem',
  noPush: 'Server studie není nastaven na odesílání do telefonů.',
  noEmail: 'Server studie není nastaven na odesílání e-mailů.',
  notAble: 'Tento prohlížeč připomínky neumí zobrazit. Na iPhonu nejdříve přidejte aplikaci na plochu.',
  denied: 'Prohlížeč má zakázáno zobrazovat oznámení této aplikace. Nejdříve to změňte v jeho nastavení.',
  hour: 'Od',
  quietFrom: 'Nikdy od',
  quietUntil: 'do',
  zone: 'Podle hodin v pásmu {zone}.',
  address: 'E-mailová adresa',
  addressHint: 'Uchovává se odděleně od odpovědí a zapomene se, když zvolíte jiný způsob.',
  save: 'Uložit',
  saved: 'Uloženo.',
  snooze: 'Připomenout znovu za hodinu',
  snoozed: 'Znovu vám připomeneme po {when}.',
  calendar: 'Ve vašem kalendáři',
  calendarLead:
    'Adresa pro libovolný kalendář ukazuje pod slovem „Diary“, kdy je co na řadě. Kdo adresu má, může ji číst.',
  makeCalendar: 'Vytvořit adresu',
  makeAnother: 'Vytvořit jinou; stará přestane platit',
  revoke: 'Zneplatnit adresu',
  copyHint: 'Zkopírujte ji teď do kalendáře; ukáže se jen jednou.',
  revoked: 'Adresa už neplatí.',
  offline: 'K tomu je potřeba připojení.',
  failed: 'Nepodařilo se to uložit. Nic se nezměnilo.',
};

export default czech;
