// Words come with the page, translated on the server: data attributes of #words. Those that many conversations never
// need come later; until then they are empty, and who asks for one makes them come.

const { dataset } = document.getElementById('words');
let fetchMore = () => {};

export function whenMissing(fetcher) {
  fetchMore = fetcher;
}

export function learn(more) {
  Object.assign(dataset, more);
  fetchMore = () => {};
}

export function word(name, values = {}) {
  if (!(name in dataset)) fetchMore();
  return (dataset[name] || '').replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}
