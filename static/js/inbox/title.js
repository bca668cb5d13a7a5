// The tab's title says how much is unread and who is on screen.
import { setTitle } from '../live/alerts.js';
import { when } from './bus.js';
import { page, panes, text } from './page.js';
import { total } from './unread.js';

const NAME = 'MiniChat';

export function startTitle() {
  when('unread:changed', draw);
  when('panes:shown', draw);
  when('tab:changed', draw);
  draw();
}

function draw() {
  const unread = total();
  const subject = panes()?.dataset.name || text(page.dataset.tab) || text('inbox');
  const words = `${subject} · ${NAME}`;
  setTitle(unread ? `(${unread > 99 ? '99+' : unread}) ${words}` : words);
  // The icon of an installed app says the same number.
  (unread ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.())?.catch(() => {});
}
