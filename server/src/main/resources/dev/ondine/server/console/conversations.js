// Conversations, kept in the browser. What is read back or imported is checked: it may be anything.

const PREFIX = 'ondine.conversation.';
const CURRENT = 'ondine.current';
const ROLES = ['user', 'assistant', 'tool'];
const MOST_CHARACTERS = 10_000_000;

/** What a person may set for the answers of a conversation; empty is what the model's maker or the server chose. */
export const UNSET = {
  system: '', temperature: '', top_p: '', top_k: '', max_tokens: '', seed: '', stop: '', frequency_penalty: '', presence_penalty: '',
  priority: 'foreground', deadline_ms: '', tools: '',
};

export function newConversation(settings = UNSET) {
  // A page that came from another machine without encryption has no randomUUID.
  const id = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  return {id, title: '', changed: Date.now(), settings: {...settings}, messages: []};
}

export class Conversations {

  #all = new Map();
  current;

  constructor() {
    for (let i = 0; i < localStorage.length; i++) {
      const name = localStorage.key(i);
      const read = name.startsWith(PREFIX) ? checked(parsed(localStorage.getItem(name))) : null;
      if (read !== null) {
        this.#all.set(read.id, read);
      }
    }
    this.current = this.#all.get(localStorage.getItem(CURRENT)) ?? this.list()[0] ?? this.add();
  }

  /** The one that changed last comes first. */
  list() {
    return [...this.#all.values()].sort((a, b) => b.changed - a.changed);
  }

  /** Begins one, with the settings of the one before; an empty one is used again. */
  add() {
    const empty = this.list().find(each => each.messages.length === 0);
    const added = empty ?? newConversation(this.current?.settings);
    this.#all.set(added.id, added);
    return this.choose(added.id);
  }

  choose(id) {
    this.current = this.#all.get(id) ?? this.current;
    localStorage.setItem(CURRENT, id);
    return this.current;
  }

  remove(id) {
    this.#all.delete(id);
    localStorage.removeItem(PREFIX + id);
    if (this.current.id === id) {
      this.current = this.list()[0] ?? this.add();
    }
  }

  /** Keeps what changed. @returns a sentence if the browser has no room for it */
  save(conversation) {
    conversation.changed = Date.now();
    conversation.title ||= (conversation.messages[0]?.content ?? '').replace(/\s+/g, ' ').slice(0, 60);
    try {
      if (conversation.messages.length > 0) {
        localStorage.setItem(PREFIX + conversation.id, JSON.stringify(conversation));
      }
      return '';
    } catch {
      return 'The browser has no room to keep this conversation. Export it, or delete others.';
    }
  }

  exported() {
    const conversations = this.list().filter(each => each.messages.length > 0);
    return JSON.stringify({format: 'ondine-conversations', version: 1, conversations}, null, 1);
  }

  /** Adds what an exported file holds; one that is here already is replaced. @returns how many they were */
  imported(text) {
    const file = text.length > MOST_CHARACTERS ? null : parsed(text);
    const found = (Array.isArray(file?.conversations) ? file.conversations : []).map(checked).filter(each => each !== null);
    for (const conversation of found) {
      this.#all.set(conversation.id, conversation);
      localStorage.setItem(PREFIX + conversation.id, JSON.stringify(conversation));
    }
    return found.length;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function checked(value) {
  if (typeof value?.id !== 'string' || !Array.isArray(value.messages)) {
    return null;
  }
  const settings = Object.fromEntries(Object.entries(UNSET).map(([name, unset]) => [name, text(value.settings?.[name]) || unset]));
  const messages = value.messages.filter(each => ROLES.includes(each?.role) && typeof each.content === 'string').map(checkedMessage);
  return {id: value.id.slice(0, 100), title: text(value.title).slice(0, 100), changed: Number(value.changed) || 0, settings, messages};
}

function checkedMessage({role, content, calls, call, model, problem, figures}) {
  const message = {role, content};
  if (Array.isArray(calls) && calls.length > 0) {
    message.calls = calls.map(each => ({id: text(each?.id), name: text(each?.name), arguments: text(each?.arguments)}));
  }
  Object.entries({call, model, problem}).filter(([, value]) => text(value)).forEach(([name, value]) => {
    message[name] = value;
  });
  if (typeof figures === 'object' && figures !== null) {
    message.figures = Object.fromEntries(Object.entries(figures).filter(([, value]) => ['number', 'string'].includes(typeof value)));
  }
  return message;
}

function text(value) {
  return typeof value === 'string' ? value : '';
}
