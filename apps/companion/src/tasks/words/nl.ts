import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const dutch: Translated<typeof english> = {
  titles: {
    vigilance: 'Snel antwoord',
    digitSymbol: 'Vormen en cijfers',
    stroop: 'Woorden en kleuren',
    nBack: 'Twee letters terug',
    spatialSpan: 'Blokken op volgorde',
    alternateUses: 'Ongewone toepassingen',
    divergentAssociation: 'Tien verschillende woorden',
  },
  explained: {
    vigilance:
      'Een cirkel is leeg. Zodra hij zich vult, tikt u ergens, zo snel u kunt. Tik niet eerder. Het duurt drie minuten, en lang wachten hoort erbij.',
    digitSymbol:
      'Bovenaan heeft elke vorm zijn cijfer. Kijk naar de grote vorm en tik op het cijfer dat erbij hoort. Wees snel, maar juist. Het duurt anderhalve minuut.',
    stroop:
      'Er verschijnt een woord in een kleur. Tik op de kleur die u ziet, wat het woord ook zegt. Wees snel, maar juist. Als u rood, groen, blauw en geel niet kunt onderscheiden, stop dan hier en bewaar wat er is.',
    nBack:
      'Letters komen een voor een. Tik als een letter dezelfde is als die van twee ervoor. Doe anders niets. Het duurt drie minuten.',
    spatialSpan:
      'Een paar blokken lichten na elkaar op. Tik ze daarna in dezelfde volgorde aan. De rijen worden langer tot er twee van één lengte misgaan; dat overkomt iedereen.',
    alternateUses:
      'U ziet een alledaags ding. Schrijf zoveel mogelijk ongewone toepassingen op, een voor een. Alles telt. Het duurt twee minuten.',
    divergentAssociation:
      'Schrijf tien woorden op die in elk opzicht zo veel mogelijk van elkaar verschillen. Alleen losse zelfstandige naamwoorden, geen namen en geen vaktermen. U hebt vier minuten.',
  },
  quiet:
    'Kies een rustig moment en houd de telefoon vast zoals altijd. Er is geen grens te halen; elk resultaat is een goed resultaat.',
  tryFirst: 'Eerst proberen',
  begin: 'Beginnen',
  tryAgain: 'Nog eens oefenen',
  practised: 'Dat was om te oefenen. Wat nu komt, wordt bewaard.',
  right: 'Goed',
  wrong: 'Deze keer niet',
  stop: 'Stoppen',
  stopped: 'U bent gestopt. Wat u tot nu toe deed, kan zo worden bewaard, of u begint opnieuw.',
  interrupted:
    'U was begonnen en de app werd gesloten. Wat u tot nu toe deed, kan zo worden bewaard, of u begint opnieuw.',
  keepIt: 'Bewaren',
  fromTheStart: 'Opnieuw beginnen',
  key: 'Welk cijfer bij welke vorm hoort',
  same: 'Dezelfde als twee ervoor',
  watch: 'Kijk',
  yourTurn: 'U bent aan de beurt',
  block: 'Blok {n}',
  useFor: 'Een ongewone toepassing voor: {thing}',
  noun: 'Woord {n} van {of}',
  add: 'Toevoegen',
  noMore: 'Ik weet niets meer',
  colours: { red: 'rood', green: 'groen', blue: 'blauw', yellow: 'geel' },
  things: {
    brick: 'een baksteen',
    paperclip: 'een paperclip',
    newspaper: 'een krant',
    shoe: 'een schoen',
    bottle: 'een fles',
    blanket: 'een deken',
    spoon: 'een lepel',
    box: 'een doos',
  },
};

export default dutch;
