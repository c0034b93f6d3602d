import {el} from './elements.js';
import {inline} from './inline.js';
import {blocks} from './markdown.js';

// A text of the model on the page, block by block. While it grows, only blocks that change are made anew.

export class Prose {

  #root;
  #sources = [];

  constructor(root) {
    this.#root = root;
  }

  show(text) {
    const found = blocks(text);
    found.forEach((block, i) => {
      if (this.#sources[i] !== block.source) {
        const node = element(block);
        if (i < this.#root.children.length) {
          this.#root.children[i].replaceWith(node);
        } else {
          this.#root.append(node);
        }
      }
    });
    while (this.#root.children.length > found.length) {
      this.#root.lastElementChild.remove();
    }
    this.#sources = found.map(block => block.source);
  }
}

function element(block) {
  switch (block.type) {
    case 'code': return code(block);
    // The page has a heading of its own; the text's come below it.
    case 'heading': return el(`h${Math.min(6, block.level + 2)}`, {}, ...inline(block.text));
    case 'rule': return el('hr');
    case 'quote': return el('blockquote', {}, ...block.blocks.map(element));
    case 'list': return el(block.isOrdered ? 'ol' : 'ul', block.start === 1 ? {} : {start: block.start}, ...block.items.map(item));
    case 'table': return table(block);
    default: return el('p', {}, ...inline(block.text));
  }
}

/** An item of one paragraph is not set apart. */
function item(content) {
  const [first, ...rest] = content;
  return first?.type === 'paragraph' ? el('li', {}, ...inline(first.text), ...rest.map(element)) : el('li', {}, ...content.map(element));
}

function code(block) {
  const copy = el('button', {type: 'button', class: 'quiet', onclick: () => navigator.clipboard?.writeText(block.text)}, 'Copy');
  return el('div', {class: 'code'},
      el('div', {class: 'code-head'}, el('span', {}, block.language || 'code'), copy),
      el('pre', {tabindex: '0', 'aria-label': `code, ${block.language || 'no language given'}`}, el('code', {}, block.text)));
}

function table({aligns, head, rows}) {
  const row = (cells, tag) => el('tr', {}, ...aligns.map((align, i) => el(tag, {class: align}, ...inline(cells[i] ?? ''))));
  return el('div', {class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'table'},
      el('table', {}, el('thead', {}, row(head, 'th')), el('tbody', {}, ...rows.map(cells => row(cells, 'td')))));
}
