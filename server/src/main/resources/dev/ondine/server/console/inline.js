import {el} from './elements.js';

// Markdown within a paragraph: code, emphasis, links. Images become links, as the page loads nothing from elsewhere.

const TOKENS = /\\[\\`*_{}[\]()#+.!|~<>-]|`+|!?\[|\*\*|__|~~|\*|_|https?:\/\/[^\s<>"'`]+| {2}\n|\n/g;
const TAGS = {'**': 'strong', __: 'strong', '~~': 'del', '*': 'em', _: 'em'};
const LONGEST = 20_000;
const DEEPEST = 6;
const LONGEST_LABEL = 1000;

/** The nodes of a text. */
export function inline(text, depth = 0) {
  if (text.length > LONGEST || depth > DEEPEST) {
    return [document.createTextNode(text)];
  }
  const nodes = [];
  // Where there was no end for a mark once, there is none later: hostile text cannot cost quadratic time.
  const endless = new Set();
  let plain = 0;
  TOKENS.lastIndex = 0;
  for (let match = TOKENS.exec(text); match !== null; match = TOKENS.exec(text)) {
    const end = TOKENS.lastIndex;
    const found = read(text, match.index, match[0], endless, depth);
    TOKENS.lastIndex = found === null ? end : found.end;
    if (found !== null) {
      nodes.push(text.slice(plain, match.index), found.node);
      plain = found.end;
    }
  }
  nodes.push(text.slice(plain));
  return nodes.filter(node => node !== '');
}

/** What a token begins: a node and where it ends; null if it is only text. */
function read(text, start, token, endless, depth) {
  const after = start + token.length;
  if (token[0] === '\\') {
    return {node: document.createTextNode(token[1]), end: after};
  }
  if (token.endsWith('\n')) {
    return {node: token.length > 1 ? el('br') : document.createTextNode('\n'), end: after};
  }
  if (token[0] === '`') {
    return code(text, token, after);
  }
  if (token.endsWith('[')) {
    return labelled(text, after, depth);
  }
  return token in TAGS ? emphasis(text, start, token, endless, depth) : address(token, start);
}

function code(text, ticks, from) {
  for (let end = text.indexOf(ticks, from); end >= 0; end = text.indexOf(ticks, end)) {
    let after = end;
    while (text[after] === '`') {
      after++;
    }
    if (after - end === ticks.length) {
      return {node: el('code', {}, text.slice(from, end).trim()), end: after};
    }
    end = after;
  }
  return null;
}

function emphasis(text, start, mark, endless, depth) {
  const from = start + mark.length;
  const isWord = mark[0] === '_' && /\w/.test(text[start - 1] ?? ' ');
  if (endless.has(mark) || isWord || /\s/.test(text[from] ?? ' ')) {
    return null;
  }
  for (let end = text.indexOf(mark, from + 1); end >= 0; end = text.indexOf(mark, end + 1)) {
    const after = end + mark.length;
    const isLonger = mark.length === 1 && (text[after] === mark || text[end - 1] === mark);
    const goesOn = mark[0] === '_' && /\w/.test(text[after] ?? ' ');
    if (!/\s/.test(text[end - 1]) && !isLonger && !goesOn) {
      return {node: el(TAGS[mark], {}, ...nested(text.slice(from, end), depth)), end: after};
    }
  }
  endless.add(mark);
  return null;
}

function labelled(text, from, depth) {
  const last = Math.min(text.length, from + LONGEST_LABEL);
  let open = 1;
  let end = from;
  while (end < last && open > 0) {
    open += text[end] === '[' ? 1 : text[end] === ']' ? -1 : 0;
    end++;
  }
  const target = /^\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"\n]*")?\s*\)/.exec(text.slice(end, end + 2000));
  if (open > 0 || target === null) {
    return null;
  }
  const label = nested(text.slice(from, end - 1), depth);
  return {node: link(target[1], label), end: end + target[0].length};
}

function address(token, start) {
  const text = token.replace(/[.,;:!?)\]]+$/, '');
  return {node: link(text, [text]), end: start + text.length};
}

/** A link if it leads to a page; whatever else it may be is only text. */
function link(target, label) {
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) {
    return el('span', {}, ...label);
  }
  return el('a', {href: target, rel: 'noopener noreferrer nofollow', target: '_blank', title: target}, ...label);
}

/** Nodes of a piece of the text, without disturbing where the outer text stands. */
function nested(text, depth) {
  const place = TOKENS.lastIndex;
  const nodes = inline(text, depth + 1);
  TOKENS.lastIndex = place;
  return nodes;
}
