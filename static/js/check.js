// The stemcode: what somebody typed, and whether its check symbol is right. The same rules as wijkbudget/ballots/codes.py.
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LOOKALIKES = {O: '0', I: '1', L: '1'};
const FIELD = 0b100101; // x^5 + x^2 + 1
export const LENGTH = 16;

// What was typed without spaces and dashes; a symbol that no code has stays, so that it is seen and mended.
export function symbols(text) {
  return text.replace(/[\s\-\u00ad\u2010-\u2015.]/g, '').toUpperCase().replace(/[OIL]/g, letter => LOOKALIKES[letter]);
}

export const grouped = code => (code.match(/.{1,4}/gsu) ?? []).join('-');

export function isCode(code) {
  const values = [...code].map(symbol => SYMBOLS.indexOf(symbol));
  return values.length === LENGTH && !values.includes(-1) && checkValue(values.slice(0, -1)) === values.at(-1);
}

function checkValue(values) {
  return values.reduce((total, value) => timesX(total ^ value), 0); // Horner's scheme, highest power first
}

function timesX(value) {
  return value & 16 ? value << 1 ^ FIELD : value << 1;
}
