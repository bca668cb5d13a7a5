// Links, and in the team's words bold, code and lists, as nodes. minichat/lib/rich.py draws the same for the inbox, and
// both are held to minichat/tests/rich.json. Every pattern is linear; what is not well formed stays text.
import { element } from './elements.js';

// Directional and invisible characters end an address: they could make it look like another one.
const ADDRESS = '(?<address>(?:https?:\\/\\/|mailto:|tel:|www\\.)[^\\s<>"\'`\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]+'
  + '|[\\w.+-]{1,64}@(?:[a-z\\d-]{1,63}\\.){1,8}[a-z\\d-]{1,63})';
const LINK = new RegExp(ADDRESS, 'gi');
const PIECE = new RegExp(`\`(?<code>[^\`\\n]+)\`|\\*\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*\\*|${ADDRESS}`, 'gi');
// Of the signs a host has dots, hyphens and underscores alone: in front of an @ stands another host than it seems.
const WEB = /^(?:https?:\/\/|www\.)[^\x00-,/:-@[-^`{-\x7f]+(?::\d{1,5})?(?:[/?#].*)?$/i;
const MAIL = /^[\w.+-]+@[a-z\d.-]+$/i;
const TRAILING = '.,;:!?*…ฯๆ';
const BRACKETS = { ')': '(', ']': '[', '}': '{' };
const FENCE = /^```/;
const ITEM = /^(?:[-*]|(\d{1,4})[.)]) (.+)/;

/** What a visitor writes is text with links. */
export function rich(place, { kind, body }) {
  if (kind === 'visitor') return place.replaceChildren(...inline(body, LINK));
  const blocks = split(body.split('\n'));
  const only = blocks.length === 1 && blocks[0].lines;
  const nodes = only ? inline(only) : blocks.map(draw);
  place.replaceChildren(...(nodes.length ? nodes : [body])); // empty fences are nothing to see
}

/** Blocks of lines: text, the inside of a fence, a list. */
function split(lines) {
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    const end = FENCE.test(lines[at]) ? lines.findIndex((line, index) => index > at && FENCE.test(line)) : -1;
    if (end > 0) {
      blocks.push({ code: lines.slice(at + 1, end).join('\n') });
      at = end + 1;
    } else if (FENCE.test(lines[at])) {
      addText(blocks, lines.slice(at)); // never closed: a text, and nothing behind it is looked at again
      at = lines.length;
    } else {
      addLine(blocks, lines[at]);
      at += 1;
    }
  }
  return blocks.map(trimmed).filter((block) => block.items || block.code || block.lines);
}

function addLine(blocks, line) {
  const item = ITEM.exec(line);
  if (!item) return addText(blocks, [line]);
  const last = blocks[blocks.length - 1];
  const isSame = last && last.items && !last.start === !item[1];
  if (isSame) last.items.push(item[2]);
  else blocks.push({ items: [item[2]], start: item[1] });
}

function addText(blocks, lines) {
  const last = blocks[blocks.length - 1];
  if (last && last.lines) last.lines.push(...lines);
  else blocks.push({ lines });
}

/** Blank lines beside a block are its margin. */
function trimmed(block) {
  if (!block.lines) return block;
  const lines = [...block.lines];
  while (lines[0] === '') lines.shift();
  while (lines[lines.length - 1] === '') lines.pop();
  return { lines: lines.join('\n') };
}

function draw({ code, items, lines, start }) {
  if (items) {
    const list = element(start ? 'ol' : 'ul', {}, ...items.map((item) => element('li', {}, ...inline(item))));
    if (start) list.start = start;
    return list;
  }
  return lines ? element('p', {}, ...inline(lines)) : element('pre', {}, element('code', { textContent: code }));
}

function inline(text, pattern = PIECE) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const { code, bold } = match.groups;
    const address = trim(match.groups.address || '');
    let node = null;
    if (code) node = element('code', { textContent: code });
    else if (!/[a-z\d]/i.test(text.charAt(match.index - 1))) node = bold ? element('strong', {}, ...inline(bold)) : anchor(address);
    if (!node) continue;
    nodes.push(text.slice(end, match.index), node);
    end = match.index + (address || match[0]).length;
  }
  nodes.push(text.slice(end));
  return nodes.filter(Boolean);
}

/** Punctuation after an address belongs to the sentence, and so does a bracket that was opened before it. */
function trim(raw) {
  const extra = {};
  for (const [close, open] of Object.entries(BRACKETS)) extra[close] = count(raw, close) - count(raw, open);
  let end = raw.length;
  while (end && (TRAILING.includes(raw[end - 1]) || extra[raw[end - 1]] > 0)) {
    end -= 1;
    if (raw[end] in extra) extra[raw[end]] -= 1;
  }
  return raw.slice(0, end);
}

const count = (text, character) => text.split(character).length;

function anchor(address) {
  if (/^(mailto|tel):/i.test(address)) return link(address, address.slice(address.indexOf(':') + 1));
  if (WEB.test(address)) return link(/^w/i.test(address) ? `https://${address}` : address, address);
  return MAIL.test(address) ? link(`mailto:${address}`, address) : null;
}

export function link(href, textContent) {
  if (!textContent) return null;
  return element('a', { href, textContent, target: '_blank', rel: 'noopener noreferrer nofollow' });
}
