import {announce, byId, el} from './elements.js';
import {answer, request} from './completion.js';
import {MessageView} from './messages.js';

// The chat: the messages of the current conversation, and the answer that is being written.

/** Closer to the end than this, the reader follows what comes. Pixels. */
const FOLLOWS = 80;

export class Chat {

  #server;
  #conversations;
  #model;
  #onChange;
  #list = byId('messages');
  #form = byId('composer');
  #text = byId('question');
  #running = null;

  /**
   * @param model    gives the name of the model that is chosen
   * @param onChange called when titles or figures may have changed
   */
  constructor(server, conversations, model, onChange) {
    this.#server = server;
    this.#conversations = conversations;
    this.#model = model;
    this.#onChange = onChange;
    this.#form.addEventListener('submit', event => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#send();
      }
    });
    this.#text.addEventListener('input', () => this.#fit());
    byId('stop').addEventListener('click', () => this.stop());
    this.show();
  }

  /** Shows the current conversation from its beginning. */
  show() {
    const {messages} = this.#conversations.current;
    const last = messages.length - 1;
    const views = messages.map((message, i) => new MessageView(message, this.#actions(message, i, i === last)).root);
    this.#list.replaceChildren(...views);
    byId('welcome').hidden = messages.length > 0;
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  stop() {
    this.#running?.abort();
  }

  #actions(message, at, isLast) {
    if (message.role === 'user') {
      return {edit: text => this.#ask(at, {role: 'user', content: text})};
    }
    if (message.role !== 'assistant' || !isLast) {
      return {};
    }
    const answerCall = (call, content) => this.#answerCall(call, content);
    return {regenerate: () => this.#ask(at, null), ...(message.calls && {answerCall})};
  }

  #send() {
    const content = this.#text.value;
    if (content.trim() === '' || this.#running !== null) {
      return;
    }
    this.#text.value = '';
    this.#fit();
    this.#ask(this.#conversations.current.messages.length, {role: 'user', content});
  }

  /** Every call of the last answer needs a result before the model goes on. */
  #answerCall(call, content) {
    const {messages} = this.#conversations.current;
    const caller = messages.findLast(message => message.role === 'assistant');
    messages.push({role: 'tool', content, call: call.id});
    const isAnswered = each => messages.some(message => message.role === 'tool' && message.call === each.id);
    if (caller.calls.every(isAnswered)) {
      this.#ask(messages.length, null);
    } else {
      this.show();
    }
  }

  /** Cuts the conversation at a message, goes on with another if there is one, and has the model answer. */
  async #ask(at, message) {
    const conversation = this.#conversations.current;
    this.stop();
    conversation.messages.splice(at, Infinity, ...message === null ? [] : [message]);
    const reply = {role: 'assistant', content: '', model: this.#model()};
    let body;
    try {
      body = request(conversation, reply.model);
    } catch (e) {
      conversation.messages.push({...reply, problem: `The tools in the settings are no JSON: ${e.message}`});
      this.show();
      return;
    }
    this.show();
    conversation.messages.push(reply);
    await this.#read(conversation, body, reply);
  }

  async #read(conversation, body, reply) {
    const running = new AbortController();
    const growing = new Growing(this.#list, new MessageView(reply, {}));
    this.#setRunning(running);
    this.#keep(conversation);
    try {
      await answer(this.#server, body, reply, running.signal, () => growing.change());
      announce('The answer is complete.');
    } catch (e) {
      if (running.signal.aborted) {
        reply.figures = {...reply.figures, reason: 'stopped'};
        announce('Stopped.');
      } else {
        reply.problem = e.message;
      }
    }
    growing.end();
    if (this.#running === running) {
      this.#setRunning(null);
    }
    this.#keep(conversation);
    if (this.#conversations.current === conversation && conversation.messages.at(-1) === reply) {
      this.#finish(reply, growing);
    }
  }

  /** The answer's view again, with its buttons, without moving what is read. */
  #finish(reply, growing) {
    const view = new MessageView(reply, this.#actions(reply, this.#conversations.current.messages.length - 1, true));
    growing.view.root.replaceWith(view.root);
    growing.follow();
  }

  #keep(conversation) {
    const problem = this.#conversations.save(conversation);
    byId('storage-problem').textContent = problem;
    byId('storage-problem').hidden = problem === '';
    this.#onChange();
  }

  #setRunning(running) {
    this.#running = running;
    byId('send').hidden = running !== null;
    byId('stop').hidden = running === null;
  }

  #fit() {
    this.#text.rows = Math.min(8, this.#text.value.split('\n').length);
  }
}

/** An answer that grows on the page, no more often than the page is drawn. */
class Growing {

  view;
  #list;
  #isFollowed = true;
  #frame = null;

  constructor(list, view) {
    this.#list = list;
    this.view = view;
    view.show(true);
    list.append(view.root);
    this.follow();
    list.addEventListener('scroll', this.#onScroll);
  }

  #onScroll = () => {
    this.#isFollowed = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < FOLLOWS;
  };

  change() {
    this.#frame ??= setTimeout(() => {
      this.#frame = null;
      this.view.show(true);
      this.follow();
    }, 33);
  }

  follow() {
    if (this.#isFollowed) {
      this.#list.scrollTop = this.#list.scrollHeight;
    }
  }

  end() {
    clearTimeout(this.#frame);
    this.#list.removeEventListener('scroll', this.#onScroll);
    this.view.show();
    this.follow();
  }
}
