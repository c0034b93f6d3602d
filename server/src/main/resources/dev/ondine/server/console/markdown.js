// Markdown's blocks, as a tree: what models write, not all that CommonMark knows. HTML is text like any other.

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const HEADING = /^ {0,3}(#{1,6})\s+(\S.*)$/;
const RULE = /^ {0,3}([-*_])\s*(?:\1\s*){2,}$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)/;
const QUOTE = /^ {0,3}> ?/;
const DELIMITERS = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const DEEPEST = 8;

/** The blocks of a text; each has a type, and its own source, by which one that has not changed is known. */
export function blocks(text, depth = 0) {
  const lines = text.split(/\r\n|\n|\r/);
  const found = [];
  for (let at = 0; at < lines.length;) {
    if (lines[at].trim() === '') {
      at++;
      continue;
    }
    const block = depth > DEEPEST ? paragraph(lines, at) : READERS.map(reader => reader(lines, at, depth)).find(read => read !== null);
    found.push({...block, source: lines.slice(at, block.end).join('\n')});
    at = block.end;
  }
  return found;
}

const READERS = [fenced, heading, rule, quote, list, table, paragraph];

function fenced(lines, at) {
  const open = FENCE.exec(lines[at]);
  if (open === null) {
    return null;
  }
  const close = new RegExp(`^ {0,3}\\${open[1][0]}{${open[1].length},}\\s*$`);
  let end = at + 1;
  while (end < lines.length && !close.test(lines[end])) {
    end++;
  }
  const language = open[2].trim().split(/\s/)[0];
  return {type: 'code', language, text: lines.slice(at + 1, end).join('\n'), end: Math.min(end + 1, lines.length)};
}

function heading(lines, at) {
  const match = HEADING.exec(lines[at]);
  return match === null ? null : {type: 'heading', level: match[1].length, text: match[2].trimEnd().replace(/ #+$/, ''), end: at + 1};
}

function rule(lines, at) {
  return RULE.test(lines[at]) ? {type: 'rule', end: at + 1} : null;
}

function quote(lines, at, depth) {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end])) {
    end++;
  }
  return end === at ? null
      : {type: 'quote', blocks: blocks(lines.slice(at, end).map(line => line.replace(QUOTE, '')).join('\n'), depth + 1), end};
}

function list(lines, at, depth) {
  const first = ITEM.exec(lines[at]);
  if (first === null) {
    return null;
  }
  const isOrdered = /\d/.test(first[2]);
  const items = [];
  let end = at;
  for (let item = first; item !== null && /\d/.test(item[2]) === isOrdered && !RULE.test(lines[end]); item = ITEM.exec(lines[end] ?? '')) {
    const last = itemEnd(lines, end, item[0].length);
    const text = lines.slice(end, last).map((line, i) => i === 0 ? line.slice(item[0].length) : dedented(line, item[0].length));
    items.push(blocks(text.join('\n'), depth + 1));
    end = last;
    while (end < lines.length && lines[end].trim() === '' && ITEM.test(lines[end + 1] ?? '')) {
      end++;
    }
  }
  return items.length === 0 ? null : {type: 'list', isOrdered, start: isOrdered ? parseInt(first[2], 10) : 1, items, end};
}

/** Where an item ends: at the next one, or at a line after a blank one that is not indented. */
function itemEnd(lines, at, width) {
  let end = at + 1;
  for (; end < lines.length; end++) {
    const line = lines[end];
    const isIndented = indent(line) >= Math.min(width, 2);
    const isBlank = line.trim() === '';
    if (isBlank ? indent(lines[end + 1] ?? '') < 2 : !isIndented && (lines[end - 1].trim() === '' || startsBlock(line))) {
      break;
    }
  }
  return end;
}

function startsBlock(line) {
  return [FENCE, HEADING, RULE, ITEM, QUOTE].some(pattern => pattern.test(line));
}

function indent(line) {
  return line.length - line.trimStart().length;
}

function dedented(line, width) {
  return line.slice(Math.min(indent(line), width));
}

function table(lines, at) {
  if (!lines[at].includes('|') || !DELIMITERS.test(lines[at + 1] ?? '')) {
    return null;
  }
  const aligns = cells(lines[at + 1]).map(cell => cell.endsWith(':') ? cell.startsWith(':') ? 'center' : 'right' : 'left');
  const head = cells(lines[at]);
  if (head.length !== aligns.length) {
    return null;
  }
  let end = at + 2;
  while (end < lines.length && lines[end].includes('|')) {
    end++;
  }
  return {type: 'table', aligns, head, rows: lines.slice(at + 2, end).map(cells), end};
}

function cells(line) {
  const inner = line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll('\\|', '|'));
}

function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() !== '' && !startsBlock(lines[end])) {
    end++;
  }
  return {type: 'paragraph', text: lines.slice(at, end).map(line => line.trimStart()).join('\n'), end};
}
