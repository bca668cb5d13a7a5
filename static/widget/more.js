// Loaded when it is needed: the parts of the frame that many visitors never see.
import { cited, createAgent } from './more/agent.js';
import { createCards } from './more/card.js';
import { createForm } from './more/form.js';
import { createList } from './more/list.js';
import { createQuick } from './more/quick.js';
import { createRating } from './more/rating.js';
import { rich } from './more/rich.js';

const NEAR_END = 60;

export function start(context, { words }) {
  const rate = createRating(context);
  const { open, drawn, words: begun } = createAgent(context);
  const [cards, quick] = [createCards(), createQuick(context)];
  const below = () => keepEnd(() => { cards(); quick(); });
  below();
  return {
    ask: createForm(context, words),
    list: createList(context),
    open,
    words: (frame) => keepEnd(() => begun(frame)),
    rich(words, message) {
      rich(words, message);
      if (message.sources) cited(words, message);
    },
    /** The thread was drawn: what belongs to its state and is in no message. */
    drawn(chat) {
      rate(chat);
      drawn();
      below();
    },
  };
}

/** What comes in below pushes the end of the thread out of view; whoever was there stays there. */
function keepEnd(change) {
  const log = document.getElementById('log');
  const sticks = log.scrollHeight - log.clientHeight - log.scrollTop <= NEAR_END;
  change();
  if (sticks) log.scrollTop = log.scrollHeight;
}
