import {announce, byId, el} from './elements.js';
import {millis} from './numbers.js';

// Load that is put on the kernel on purpose, and what came of it.

const FLOOD = 16;
const SHOWN = 3;
/** A prompt is this part of what the model reads at once, and at most so many tokens; a token of English is some 3.5 characters. */
const SHARE = {flood: 0.5, long: 0.75};
const MOST_TOKENS = {flood: 2000, long: 8000};
const CHARACTERS = 3.5;
const CONTEXT = 2048;
const STORY = ['The boat left the harbour before the sun rose.', 'A light wind came over the hills and moved the grass.',
  'Three children waited by the gate with a red lamp.', 'The old clock in the kitchen had stopped again.',
  'Nobody knew who had written the letter on the table.', 'Rain fell on the roof all night and ran into the street.',
  'She counted the steps down to the river twice.', 'In the morning the bread was still warm.'];

export class Load {

  #server;
  #model;
  #onChange;
  #log = byId('load-log');
  #buttons = {urgent: byId('inject-urgent'), flood: byId('inject-flood'), long: byId('inject-long'), clear: byId('inject-clear')};
  #waiting = new Map();
  #sent = 0;

  /**
   * @param model    gives the model that is chosen, with its context's length
   * @param onChange called when tasks were handed over or cancelled
   */
  constructor(server, model, onChange) {
    this.#server = server;
    this.#model = model;
    this.#onChange = onChange;
    this.#buttons.urgent.addEventListener('click', () => this.#inject('urgent', 1, () => this.#urgent()));
    this.#buttons.flood.addEventListener('click', () => this.#inject('flood', FLOOD, () => this.#reading('flood', 'background')));
    this.#buttons.long.addEventListener('click', () => this.#inject('long prompt', 1, () => this.#reading('long', 'normal')));
    this.#buttons.clear.addEventListener('click', () => this.#clear());
  }

  /** Tells of injected tasks that ended. */
  show(ended) {
    for (const task of ended.filter(each => this.#waiting.has(each.id))) {
      const kind = this.#waiting.get(task.id);
      this.#waiting.delete(task.id);
      if (kind !== 'flood') {
        const first = task.first_token_ms === null ? '' : `first token after ${millis(task.first_token_ms - task.submitted_ms)}, `;
        this.#tell(`#${task.id} ${kind}: ${first}ended after ${millis(task.done_ms - task.submitted_ms)} (${task.finish_reason})`);
      }
    }
  }

  async #inject(kind, times, body) {
    const bodies = Array.from({length: times}, body);
    const outcomes = await Promise.allSettled(bodies.map(each => this.#server.json('v1/tasks', each)));
    const tasks = outcomes.filter(each => each.status === 'fulfilled').map(each => each.value);
    tasks.forEach(task => this.#waiting.set(task.id, kind));
    const refused = outcomes.filter(each => each.status === 'rejected');
    if (tasks.length > 0) {
      this.#onChange();
      this.#tell(tasks.length === 1 ? `#${tasks[0].id} ${kind}: handed over` : `${tasks.length} tasks of the ${kind}: handed over`);
    }
    if (refused.length > 0) {
      this.#tell(`${refused.length === 1 ? kind : `${refused.length} tasks of the ${kind}`} refused: ${refused[0].reason.message}`);
    }
  }

  #urgent() {
    return this.#body('interrupt', 24, 'Set an alarm for 7 in the morning.');
  }

  #reading(kind, priority) {
    const {id, context_length: context = CONTEXT} = this.#model();
    const tokens = Math.min(MOST_TOKENS[kind], context * SHARE[kind]);
    return {...this.#body(priority, kind === 'flood' ? 128 : 32, story(tokens * CHARACTERS, this.#sent++)), model: id};
  }

  #body(priority, most, content) {
    return {model: this.#model().id, messages: [{role: 'user', content}], max_tokens: most, priority, ...this.#server.owner('load')};
  }

  /** Cancels what was injected and has not ended. */
  async #clear() {
    const ids = [...this.#waiting.keys()];
    await Promise.allSettled(ids.map(id => this.#server.post(`v1/tasks/${id}/cancel`)));
    this.#waiting.clear();
    this.#onChange();
    this.#tell(ids.length === 0 ? 'Nothing injected was running.' : 'Cancelled what was injected.');
  }

  #tell(text) {
    this.#log.prepend(el('li', {}, text));
    while (this.#log.children.length > SHOWN) {
      this.#log.lastElementChild.remove();
    }
    announce(text);
  }
}

/** A text that no other begins like, so that no cached prefix shortens the reading. */
function story(length, number) {
  let text = `Story ${number + 1} of ${Date.now() % 100_000}.`;
  for (let i = number; text.length < length; i++) {
    text += ` ${STORY[i % STORY.length]}`;
  }
  return `${text.slice(0, length)} Tell me how it ends.`;
}
