// The conversation by mail. It goes to an address that is proven and to no other; who has none proves one here, with a
// code that is mailed to it.
import { button, element } from '../more/elements.js';

export function createMail({ session }, say) {
  const box = element('div', { className: 'ml', hidden: true });
  let chat = '';
  let isBusy = false;

  const post = (path, body) => session().api.call('POST', path, body);

  function show(...parts) {
    box.hidden = false;
    box.replaceChildren(...parts);
    box.querySelector('input, button, [tabindex]').focus();
  }

  /** One question with its answer; what is wrong with it stands beside it, and nothing typed is lost. */
  function ask(label, hint, field, verb, send, ...more) {
    const problem = element('p', { className: 'er', id: 'mail-problem', hidden: true });
    const input = element('input', { required: true, ...field });
    const form = element('form', { noValidate: true }, element('p', { id: 'mail-hint', textContent: hint }),
      element('label', {}, label, input), problem, element('button', { className: 'plain', textContent: verb }), ...more);
    problem.setAttribute('role', 'alert');
    input.setAttribute('aria-describedby', 'mail-hint mail-problem');
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (isBusy) return;
      isBusy = true;
      problem.hidden = true;
      try {
        await send(input.value.trim());
      } catch (error) {
        problem.textContent = error.message || say('failed');
        problem.hidden = false;
        input.setAttribute('aria-invalid', 'true');
        input.focus();
      } finally {
        isBusy = false;
      }
    });
    show(form);
  }

  function askAddress() {
    const field = { type: 'email', autocomplete: 'email', maxLength: 254 };
    ask(say('address'), say('why'), field, say('sendCode'), async (email) => {
      await post('address/', { email });
      askCode(email);
    });
  }

  function askCode(email) {
    const field = { inputMode: 'numeric', autocomplete: 'one-time-code', maxLength: 12 };
    ask(say('code'), say('codeSent', { email }), field, say('confirm'), async (code) => {
      await post('address/proof/', { code });
      await send();
    }, button(say('otherAddress'), askAddress));
  }

  async function send() {
    await post(`conversations/${chat}/transcript/`, {});
    const done = element('p', { textContent: say('sent'), tabIndex: -1 });
    done.setAttribute('role', 'status');
    show(done, button(say('otherAddress'), askAddress));
    done.focus();
  }

  return {
    box,
    reset() {
      box.hidden = true;
    },
    async begin() {
      if (isBusy) return;
      isBusy = true;
      chat = session().thread.id;
      try {
        await send();
      } catch (error) {
        if (error.code === 'no_address') askAddress();
        else show(Object.assign(element('p', { className: 'er', textContent: error.message || say('failed'), tabIndex: -1 }), { role: 'alert' }));
      } finally {
        isBusy = false;
      }
    },
  };
}
