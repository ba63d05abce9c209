// A key that belongs to the input method, as the Escape or Enter that ends a Japanese conversion. In
// Safari the conversion is over when that key arrives: there its code says so.

const OF_INPUT_METHOD = 229;

export const isConverting = ({ isComposing, keyCode }) =>
  isComposing || keyCode === OF_INPUT_METHOD;
