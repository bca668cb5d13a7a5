// The switches of the price list are links. Here they turn the prices in place, and keep the address as the links would.
const plans = document.getElementById('plans');
const switches = [...document.querySelectorAll('[data-switch]')];
const choice = () => Object.fromEntries(switches.map((one) => [one.dataset.switch, one.querySelector('[aria-current]').dataset.value]));

document.addEventListener('click', (event) => {
  const option = event.target.closest('[data-switch] a');
  if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  for (const other of option.parentElement.children) other.removeAttribute('aria-current');
  option.setAttribute('aria-current', 'true');
  show(choice());
});

function show(chosen) {
  for (const price of plans.querySelectorAll('[data-price]')) {
    price.hidden = price.dataset.price !== `${chosen.currency}-${chosen.period}`;
  }
  // Each switch keeps what the other one stands on, also for a link that is opened in a new tab.
  for (const one of switches) {
    for (const link of one.children) {
      const query = new URLSearchParams({ ...chosen, [one.dataset.switch]: link.dataset.value });
      link.setAttribute('href', `?${query}#pricing-h`);
    }
  }
  history.replaceState(null, '', `${location.pathname}?${new URLSearchParams(chosen)}`);
}
