// Elements by DOM calls: the frame's policy takes no markup from strings.

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function button(text, onclick, className = 'plain') {
  return element('button', { type: 'button', textContent: text, onclick, className });
}
