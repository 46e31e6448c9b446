/** Texts of the reader of codes in English. */
export const english = {
  camera: 'Use the camera',
  refused: 'The camera cannot be used here. Unfold the label and type its code instead.',
  sees: 'What the camera sees',
  hold: 'Hold the square code in front of the camera. No picture is kept.',
  stop: 'Stop the camera',
  typeInstead: 'Type the code instead',
  characters: 'The ten characters under the fold',
  wrong: 'Please look again: this is not how the code reads. A character is wrong or missing.',
  look: 'Look it up',
};
