import {byId} from './elements.js';
import {tools} from './completion.js';
import {UNSET} from './conversations.js';

// The settings of a conversation, in a dialog.

export class Settings {

  #dialog = byId('settings');
  #form = byId('settings-form');
  #onSave;

  /** @param onSave takes the settings as they are then */
  constructor(onSave) {
    this.#onSave = onSave;
    this.#form.addEventListener('submit', () => this.#onSave(this.#read()));
    this.#form.elements.tools.addEventListener('input', () => this.#checkTools());
    byId('settings-reset').addEventListener('click', () => this.#fill(UNSET));
    byId('settings-cancel').addEventListener('click', () => this.#dialog.close());
  }

  open(settings) {
    this.#fill(settings);
    this.#dialog.showModal();
  }

  #fill(settings) {
    for (const name of Object.keys(UNSET)) {
      this.#form.elements[name].value = settings[name];
    }
    this.#checkTools();
  }

  #read() {
    return Object.fromEntries(Object.keys(UNSET).map(name => [name, this.#form.elements[name].value]));
  }

  #checkTools() {
    const field = this.#form.elements.tools;
    try {
      if (field.value.trim() !== '') {
        tools(field.value);
      }
      field.setCustomValidity('');
    } catch (e) {
      field.setCustomValidity(`This is no JSON: ${e.message}`);
    }
  }
}
