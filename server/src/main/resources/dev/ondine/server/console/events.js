// Server-sent events from a body that is read with fetch; EventSource cannot send a key.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

/** Yields {name, data} for every event of a response. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let event = {name: 'message', lines: []};
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      // A return at the end may be the first half of a line's end.
      const lines = (rest + part.value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) {
        if (line !== '') {
          take(event, line);
          continue;
        }
        if (event.lines.length > 0) {
          yield {name: event.name, data: event.lines.join('\n')};
        }
        event = {name: 'message', lines: []};
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function take(event, line) {
  const colon = line.indexOf(':');
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (field === 'event') {
    event.name = value;
  } else if (field === 'data') {
    event.lines.push(value);
  }
}
