import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const czech: Translated<typeof english> = {
  titles: {
    vigilance: 'Rychlá odpověď',
    digitSymbol: 'Tvary a číslice',
    stroop: 'Slova a barvy',
    nBack: 'O dvě písmena zpět',
    spatialSpan: 'Kostky v pořadí',
    alternateUses: 'Neobvyklá použití',
    divergentAssociation: 'Deset různých slov',
  },
  explained: {
    vigilance:
      'Kruh je prázdný. Jakmile se vyplní, ťukněte kamkoli, jak nejrychleji dovedete. Neťukejte předem. Trvá to tři minuty a dlouhé čekání k tomu patří.',
    digitSymbol:
      'Nahoře má každý tvar svou číslici. Podívejte se na velký tvar a ťukněte na číslici, která k němu patří. Buďte rychlí, ale přesní. Trvá to minutu a půl.',
    stroop:
      'Objeví se slovo v nějaké barvě. Ťukněte na barvu, kterou vidíte, ať slovo říká cokoli. Buďte rychlí, ale přesní. Pokud nerozlišujete červenou, zelenou, modrou a žlutou, zde skončete a ponechte, co je hotovo.',
    nBack:
      'Písmena přicházejí jedno po druhém. Ťukněte, když je písmeno stejné jako to o dvě zpět. Jinak nedělejte nic. Trvá to tři minuty.',
    spatialSpan:
      'Některé kostky se postupně rozsvítí. Pak na ně ťukněte ve stejném pořadí. Řady se prodlužují, dokud se nezdaří dvě stejně dlouhé; to se stane každému.',
    alternateUses:
      'Uvidíte všední věc. Napište co nejvíce neobvyklých použití, jedno po druhém. Počítá se všechno. Trvá to dvě minuty.',
    divergentAssociation:
      'Napište deset slov, která se od sebe co nejvíce liší, v každém ohledu. Jen jednotlivá podstatná jména, žádná vlastní jména ani odborné výrazy. Máte čtyři minuty.',
  },
  quiet:
    'Vyberte si klidnou chvíli a držte telefon jako vždy. Není třeba ničeho dosáhnout; každý výsledek je dobrý výsledek.',
  tryFirst: 'Nejdříve zkusit',
  begin: 'Začít',
  tryAgain: 'Zkusit znovu',
  practised: 'To bylo na zkoušku. Co přijde teď, se uloží.',
  right: 'Správně',
  wrong: 'Tentokrát ne',
  stop: 'Skončit',
  stopped: 'Skončili jste. Co je hotovo, lze ponechat, nebo můžete začít znovu.',
  interrupted: 'Začali jste a aplikace se zavřela. Co je hotovo, lze ponechat, nebo můžete začít znovu.',
  keepIt: 'Ponechat',
  fromTheStart: 'Začít znovu',
  key: 'Která číslice patří ke kterému tvaru',
  same: 'Stejné jako o dvě zpět',
  watch: 'Dívejte se',
  yourTurn: 'Jste na řadě',
  block: 'Kostka {n}',
  useFor: 'Neobvyklé použití: {thing}',
  noun: 'Slovo {n} z {of}',
  add: 'Přidat',
  noMore: 'Víc mě nenapadá',
  colours: { red: 'červená', green: 'zelená', blue: 'modrá', yellow: 'žlutá' },
  things: {
    brick: 'cihla',
    paperclip: 'kancelářská sponka',
    newspaper: 'noviny',
    shoe: 'bota',
    bottle: 'láhev',
    blanket: 'deka',
    spoon: 'lžíce',
    box: 'krabice',
  },
};

export default czech;
