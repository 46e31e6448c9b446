/** Texts of the cognitive tasks in English. */
export const english = {
  titles: {
    vigilance: 'Fast answer',
    digitSymbol: 'Shapes and digits',
    stroop: 'Words and colours',
    nBack: 'Two letters back',
    spatialSpan: 'Blocks in order',
    alternateUses: 'Unusual uses',
    divergentAssociation: 'Ten different words',
  },
  explained: {
    vigilance:
      'A circle is empty. As soon as it fills, tap anywhere, as fast as you can. Do not tap before. It takes three minutes, and long waits are part of it.',
    digitSymbol:
      'Above, every shape has its digit. Look at the large shape and tap the digit that belongs to it. Be quick, but right. It takes a minute and a half.',
    stroop:
      'A word appears in a colour. Tap the colour you see, whatever the word says. Be quick, but right. If you cannot tell red, green, blue and yellow apart, stop here and keep what is there.',
    nBack:
      'Letters come one after another. Tap when a letter is the same as the one two before. Otherwise do nothing. It takes three minutes.',
    spatialSpan:
      'Some blocks light up, one after another. Then tap them in the same order. The rows get longer until two of a length go wrong; that happens to everyone.',
    alternateUses:
      'You will see an everyday thing. Write down as many unusual uses for it as come to mind, one at a time. Anything counts. It takes two minutes.',
    divergentAssociation:
      'Write down ten words that are as different from each other as possible, in every sense. Single nouns only, no names and no terms of a trade. You have four minutes.',
  },
  quiet:
    'Choose a quiet moment and hold the phone as you always do. There is no mark to reach; any result is a good result.',
  tryFirst: 'Try it first',
  begin: 'Begin',
  tryAgain: 'Try again',
  practised: 'That was for practice. What comes now is kept.',
  right: 'Right',
  wrong: 'Not this time',
  stop: 'Stop',
  stopped: 'You stopped. What you did so far can be kept as it is, or you begin again.',
  interrupted: 'You had begun, and the app was closed. What you did so far can be kept as it is, or you begin again.',
  keepIt: 'Keep it',
  fromTheStart: 'Begin again',
  key: 'Which digit belongs to which shape',
  same: 'The same as two before',
  watch: 'Watch',
  yourTurn: 'Your turn',
  block: 'Block {n}',
  useFor: 'An unusual use for: {thing}',
  noun: 'Word {n} of {of}',
  add: 'Add',
  noMore: 'I have no more',
  colours: { red: 'red', green: 'green', blue: 'blue', yellow: 'yellow' },
  things: {
    brick: 'a brick',
    paperclip: 'a paper clip',
    newspaper: 'a newspaper',
    shoe: 'a shoe',
    bottle: 'a bottle',
    blanket: 'a blanket',
    spoon: 'a spoon',
    box: 'a box',
  },
};
