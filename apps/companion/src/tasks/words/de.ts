import type { Translated } from '../../words/catalogue.ts';
import type { english } from './en.ts';

const german: Translated<typeof english> = {
  titles: {
    vigilance: 'Schnelle Antwort',
    digitSymbol: 'Formen und Ziffern',
    stroop: 'Wörter und Farben',
    nBack: 'Zwei Buchstaben zurück',
    spatialSpan: 'Felder der Reihe nach',
    alternateUses: 'Ungewöhnliche Verwendungen',
    divergentAssociation: 'Zehn verschiedene Wörter',
  },
  explained: {
    vigilance:
      'Ein Kreis ist leer. Sobald er sich füllt, tippen Sie irgendwohin, so schnell Sie können. Tippen Sie nicht vorher. Es dauert drei Minuten, und langes Warten gehört dazu.',
    digitSymbol:
      'Oben hat jede Form ihre Ziffer. Sehen Sie die große Form an und tippen Sie auf die Ziffer, die zu ihr gehört. Seien Sie schnell, aber richtig. Es dauert anderthalb Minuten.',
    stroop:
      'Ein Wort erscheint in einer Farbe. Tippen Sie auf die Farbe, die Sie sehen, gleich was das Wort sagt. Seien Sie schnell, aber richtig. Wenn Sie Rot, Grün, Blau und Gelb nicht unterscheiden können, hören Sie hier auf und behalten Sie, was da ist.',
    nBack:
      'Buchstaben kommen einer nach dem anderen. Tippen Sie, wenn ein Buchstabe derselbe ist wie der vorletzte davor. Sonst tun Sie nichts. Es dauert drei Minuten.',
    spatialSpan:
      'Einige Felder leuchten nacheinander auf. Tippen Sie sie danach in derselben Reihenfolge an. Die Reihen werden länger, bis zwei gleich lange misslingen; das geschieht allen.',
    alternateUses:
      'Sie sehen ein alltägliches Ding. Schreiben Sie möglichst viele ungewöhnliche Verwendungen dafür auf, eine nach der anderen. Alles zählt. Es dauert zwei Minuten.',
    divergentAssociation:
      'Schreiben Sie zehn Wörter auf, die sich in jeder Hinsicht möglichst stark voneinander unterscheiden. Nur einzelne Hauptwörter, keine Namen und keine Fachwörter. Sie haben vier Minuten.',
  },
  quiet:
    'Wählen Sie einen ruhigen Moment und halten Sie das Telefon wie immer. Es gibt keine Marke zu erreichen; jedes Ergebnis ist ein gutes Ergebnis.',
  tryFirst: 'Erst ausprobieren',
  begin: 'Beginnen',
  tryAgain: 'Noch einmal üben',
  practised: 'Das war zur Übung. Was jetzt kommt, wird behalten.',
  right: 'Richtig',
  wrong: 'Diesmal nicht',
  stop: 'Aufhören',
  stopped: 'Sie haben aufgehört. Was Sie bisher getan haben, kann so behalten werden, oder Sie beginnen von vorn.',
  interrupted:
    'Sie hatten begonnen, und die App wurde geschlossen. Was Sie bisher getan haben, kann so behalten werden, oder Sie beginnen von vorn.',
  keepIt: 'Behalten',
  fromTheStart: 'Von vorn beginnen',
  key: 'Welche Ziffer zu welcher Form gehört',
  same: 'Wie der vorletzte davor',
  watch: 'Schauen Sie zu',
  yourTurn: 'Sie sind dran',
  block: 'Feld {n}',
  useFor: 'Eine ungewöhnliche Verwendung für: {thing}',
  noun: 'Wort {n} von {of}',
  add: 'Hinzufügen',
  noMore: 'Mir fällt nichts mehr ein',
  colours: { red: 'rot', green: 'grün', blue: 'blau', yellow: 'gelb' },
  things: {
    brick: 'ein Ziegelstein',
    paperclip: 'eine Büroklammer',
    newspaper: 'eine Zeitung',
    shoe: 'ein Schuh',
    bottle: 'eine Flasche',
    blanket: 'eine Decke',
    spoon: 'ein Löffel',
    box: 'eine Schachtel',
  },
};

export default german;
