// All words come with the page, translated on the server: data attributes of #words.

const { dataset } = document.getElementById('words');

export function word(name, values = {}) {
  return (dataset[name] || '').replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}
