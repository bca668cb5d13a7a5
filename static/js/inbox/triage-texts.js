// The words and addresses of triage, as the server wrote them into the page.
const texts = document.getElementById('triage-texts').dataset;

export const address = name => texts[name];

export const words = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, String(value)), texts[name] ?? '');

/** "conversation closed", "12 conversations closed". */
export const doneWords = (verb, n) => {
  const name = `done${verb[0].toUpperCase()}${verb.slice(1)}`;
  return words(n === 1 ? `${name}One` : `${name}Many`, { n });
};
