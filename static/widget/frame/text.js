// Text of people, as nodes: never HTML. Web addresses become links.

// Directional and invisible characters end an address: they could make it look like another one.
const ADDRESS = /https?:\/\/[^\s<>"'`\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gi;
const TRAILING = /[.,;:!?…ฯๆ]+$/;
const THAI = /[\u0e00-\u0e7f]/;

export function writeText(element, text) {
  element.replaceChildren(...pieces(text));
  // Thai needs more leading and its own line breaking, whatever language the page speaks.
  element.lang = THAI.test(text) ? 'th' : '';
}

function pieces(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trim(match[0]);
    const link = anchor(address);
    if (!link) continue;
    nodes.push(text.slice(end, match.index), link);
    end = match.index + address.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

/** Punctuation after an address belongs to the sentence, and so does a bracket that was opened before it. */
function trim(raw) {
  let address = raw.replace(TRAILING, '');
  for (const [open, close] of ['()', '[]', '{}']) {
    while (address.endsWith(close) && count(address, close) > count(address, open)) {
      address = address.slice(0, -1).replace(TRAILING, '');
    }
  }
  return address;
}

const count = (text, character) => text.split(character).length;

function anchor(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const link = document.createElement('a');
  link.href = url.href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
  link.textContent = address;
  return link;
}
