import {el} from './elements.js';
import {count, isKnown, millis, rate} from './numbers.js';
import {Prose} from './prose.js';

// One message of a conversation on the page.

const WHO = {user: 'You', assistant: 'Model', tool: 'Tool result'};
const ENDS = {length: 'cut at the limit', stopped: 'stopped', tool_calls: 'wants a tool', content_filter: 'filtered'};

export class MessageView {

  root;
  #message;
  #actions;
  #body = el('div', {class: 'prose'});
  #calls = el('div', {class: 'calls'});
  #problem = el('p', {class: 'problem', role: 'alert', hidden: true});
  #foot = el('footer');
  #prose = new Prose(this.#body);

  /** @param actions {edit, regenerate, answerCall}: what the buttons do; one that is absent has no button */
  constructor(message, actions) {
    this.#message = message;
    this.#actions = actions;
    const name = el('h3', {class: 'who'}, message.role === 'assistant' && message.model ? message.model : WHO[message.role]);
    this.root = el('article', {class: `message ${message.role}`}, name, this.#body, this.#calls, this.#problem, this.#foot);
    this.show();
  }

  /** @param isGrowing whether more comes */
  show(isGrowing = false) {
    const {role, content, calls = [], problem} = this.#message;
    this.root.toggleAttribute('aria-busy', isGrowing);
    this.root.classList.toggle('growing', isGrowing);
    if (role === 'assistant') {
      this.#prose.show(content);
    } else {
      this.#body.replaceChildren(el('p', {class: 'verbatim'}, content));
    }
    this.#calls.replaceChildren(...calls.map(call => this.#call(call, isGrowing)));
    this.#problem.hidden = !problem;
    this.#problem.textContent = problem ?? '';
    this.#foot.replaceChildren(...isGrowing ? [] : this.#footer());
  }

  #call(call, isGrowing) {
    const isOpen = !isGrowing && this.#actions.answerCall !== undefined;
    const result = el('textarea', {rows: '2', 'aria-label': `result of ${call.name}`, placeholder: 'What the tool answers'});
    const give = () => this.#actions.answerCall(call, result.value);
    return el('section', {class: 'call', 'aria-label': `call of ${call.name}`},
        el('p', {class: 'call-name'}, 'Tool call ', el('code', {}, call.name)),
        el('pre', {tabindex: '0', 'aria-label': 'arguments'}, indented(call.arguments)),
        isOpen ? el('div', {class: 'call-answer'}, result, el('button', {type: 'button', onclick: give}, 'Give result')) : null);
  }

  #footer() {
    const {edit, regenerate} = this.#actions;
    const button = (label, onclick) => el('button', {type: 'button', class: 'quiet', onclick}, label);
    return [
      el('span', {class: 'figures'}, figures(this.#message.figures ?? {})),
      this.#message.content === '' ? null : button('Copy', () => navigator.clipboard?.writeText(this.#message.content)),
      edit ? button('Edit', () => this.#edit(edit)) : null,
      regenerate ? button('Regenerate', regenerate) : null,
    ].filter(part => part !== null);
  }

  #edit(edit) {
    const text = el('textarea', {rows: '4', 'aria-label': 'edit your message'});
    text.value = this.#message.content;
    const done = action => el('button', {type: 'button', onclick: action}, 'Send again');
    this.#body.replaceChildren(text);
    this.#foot.replaceChildren(done(() => edit(text.value)),
        el('button', {type: 'button', class: 'quiet', onclick: () => this.show()}, 'Keep as it was'));
    text.focus();
  }
}

function figures({prompt, cached, generated, first, rate: perSecond, reason}) {
  return [
    isKnown(prompt) ? `${count(prompt)} tokens read${cached > 0 ? ` (${count(cached)} cached)` : ''}` : '',
    isKnown(generated) ? `${count(generated)} written` : '',
    isKnown(perSecond) ? `${rate(perSecond)} tokens/s` : '',
    isKnown(first) ? `first ${millis(first)}` : '',
    Object.hasOwn(ENDS, reason ?? '') ? ENDS[reason] : '',
  ].filter(part => part !== '').join(' · ');
}

function indented(json) {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
