// Text of people, as nodes: never HTML. Links, bold, code and lists are drawn by a module that comes when there are some.

const THAI = /[\u0e00-\u0e7f]/;
const RICH = /(https?|mailto|tel):|www\.|[`@]|\*\*|^([-*]|\d+[.)]) /im;

export function writeText(element, text) {
  element.textContent = text;
  // Thai needs more leading and its own line breaking, whatever language the page speaks.
  element.lang = THAI.test(text) ? 'th' : '';
}

export const isRich = (text) => RICH.test(text);
