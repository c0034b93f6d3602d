import {announce, byId, download, el, setText} from './elements.js';
import {Chat} from './chat.js';
import {Conversations} from './conversations.js';
import {Load} from './load.js';
import {Monitor} from './monitor.js';
import {Server} from './server.js';
import {Settings} from './settings.js';

// Puts the page together.

const server = new Server(askForKey);
const conversations = new Conversations();
let models = [];

const chat = new Chat(server, conversations, () => byId('model').value, showConversations);
const settings = new Settings(saved => {
  conversations.current.settings = saved;
  conversations.save(conversations.current);
});
const load = new Load(server, () => models.find(model => model.id === byId('model').value) ?? {id: byId('model').value},
    () => monitor.refresh());

showConversations();
showModels();
const monitor = new Monitor(server, load, lastRate);

byId('new-conversation').addEventListener('click', () => change(() => conversations.add()));
byId('open-settings').addEventListener('click', () => settings.open(conversations.current.settings));
byId('export').addEventListener('click', () => download('conversations.json', conversations.exported()));
byId('import').addEventListener('change', event => importFile(event.target));
byId('open-drawer').addEventListener('click', () => showDrawer(!document.body.classList.contains('drawer')));
byId('scrim').addEventListener('click', () => showDrawer(false));
byId('key-cancel').addEventListener('click', () => byId('key-dialog').close(''));
addEventListener('keydown', event => {
  if (event.key === 'Escape' && document.body.classList.contains('drawer')) {
    showDrawer(false);
  }
});
setUpTabs([...document.querySelectorAll('[role=tab]')]);

async function showModels() {
  try {
    models = (await server.json('v1/models')).data;
    byId('model').replaceChildren(...models.map(model => el('option', {value: model.id}, model.id)));
  } catch (e) {
    announce(e.message);
    setText(byId('connection-text'), e.message);
  }
}

function change(action) {
  chat.stop();
  action();
  chat.show();
  showConversations();
  showDrawer(false);
  byId('question').focus();
}

function showConversations() {
  byId('conversations').replaceChildren(...conversations.list().filter(each => each.messages.length > 0).map(entry));
  setText(byId('conversation-title'), conversations.current.title || 'New conversation');
}

function entry({id, title}) {
  const isCurrent = id === conversations.current.id;
  const name = title || 'Untitled';
  return el('li', {},
      el('button', {type: 'button', class: 'entry', 'aria-current': isCurrent ? 'true' : null,
        onclick: () => change(() => conversations.choose(id))}, name),
      el('button', {type: 'button', class: 'quiet remove', 'aria-label': `delete ${name}`, title: 'Delete',
        onclick: () => change(() => conversations.remove(id))}, '×'));
}

async function importFile(input) {
  const [file] = input.files;
  const found = file === undefined ? 0 : conversations.imported(await file.text());
  input.value = '';
  const many = found === 1 ? '1 conversation' : `${found} conversations`;
  const text = found === 0 ? 'The file holds no conversations of Ondine.' : `Imported ${many}.`;
  byId('storage-problem').textContent = text;
  byId('storage-problem').hidden = false;
  announce(text);
  showConversations();
}

/** Tokens per second of the last answer on the page. */
function lastRate() {
  return conversations.current.messages.findLast(message => message.figures?.rate !== undefined)?.figures.rate ?? null;
}

function showDrawer(isOpen) {
  document.body.classList.toggle('drawer', isOpen);
  byId('open-drawer').setAttribute('aria-expanded', String(isOpen));
  if (isOpen) {
    byId('new-conversation').focus();
  }
}

/** Tabs of a narrow screen; a wide one shows all panels. https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
function setUpTabs(tabs) {
  const select = tab => {
    for (const each of tabs) {
      each.setAttribute('aria-selected', String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
      byId(each.getAttribute('aria-controls')).classList.toggle('unselected', each !== tab);
    }
  };
  tabs.forEach((tab, i) => {
    tab.addEventListener('click', () => select(tab));
    tab.addEventListener('keydown', event => {
      if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
        const other = tabs[(i + 1) % tabs.length];
        select(other);
        other.focus();
      }
    });
  });
  select(tabs[0]);
}

/** @returns a promise of the key that the user enters, or of null */
function askForKey(wasRefused) {
  const dialog = byId('key-dialog');
  const field = byId('key');
  byId('key-problem').hidden = !wasRefused;
  field.value = '';
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise(resolve => {
    const entered = () => dialog.returnValue === 'enter' && field.value !== '' ? field.value : null;
    dialog.addEventListener('close', () => resolve(entered()), {once: true});
  });
}
