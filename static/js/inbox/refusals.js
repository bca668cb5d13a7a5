// What htmx ("load more") says when it did not get through; a lost session is handled for all pages.
import { text } from './page.js';
import { toast } from './toast.js';

export function startRefusals() {
  document.body.addEventListener('htmx:responseError', ({ detail }) => detail.xhr.status === 401 || toast(text('failedHere'), 'error'));
  document.body.addEventListener('htmx:sendError', () => toast(text('noNetwork'), 'error'));
}
