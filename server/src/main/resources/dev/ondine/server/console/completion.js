import {Refusal} from './server.js';
import {isKnown} from './numbers.js';

// A question to the model, and its answer as it comes.

const NUMBERS = ['temperature', 'top_p', 'top_k', 'max_tokens', 'seed', 'frequency_penalty', 'presence_penalty', 'deadline_ms'];

/** The body of a request. @throws SyntaxError if the tools are no JSON */
export function request(conversation, model) {
  const {settings} = conversation;
  const body = {model, messages: messages(conversation), stream: true, stream_options: {include_usage: true},
    priority: settings.priority};
  for (const name of NUMBERS.filter(each => settings[each] !== '')) {
    body[name] = Number(settings[name]);
  }
  if (settings.stop !== '') {
    body.stop = settings.stop.split('\n').filter(line => line !== '');
  }
  if (settings.tools.trim() !== '') {
    body.tools = tools(settings.tools);
  }
  return body;
}

/** Tools as OpenAI's API takes them; a bare function is wrapped. */
export function tools(json) {
  const given = JSON.parse(json);
  return (Array.isArray(given) ? given : [given]).map(each => each?.function ? each : {type: 'function', function: each});
}

function messages({settings, messages: all}) {
  const system = settings.system.trim() === '' ? [] : [{role: 'system', content: settings.system}];
  return [...system, ...all.filter(each => each.role !== 'assistant' || each.content !== '' || each.calls).map(wire)];
}

function wire({role, content, calls, call}) {
  if (role === 'tool') {
    return {role, content, tool_call_id: call};
  }
  const called = each => ({id: each.id, type: 'function', function: {name: each.name, arguments: each.arguments}});
  return calls === undefined ? {role, content} : {role, content, tool_calls: calls.map(called)};
}

/**
 * Reads an answer into a message, and tells of every change. The message has its figures at the end, however that comes.
 *
 * @param message an empty one of the assistant
 * @throws Refusal what the server says of why there is none
 */
export async function answer(server, body, message, signal, onChange) {
  const times = {asked: performance.now(), first: null, last: null};
  let usage = null;
  let end = {};
  try {
    for await (const {data} of server.events('v1/chat/completions', {...body, ...server.owner('console')}, signal)) {
      if (data === '[DONE]') {
        break;
      }
      const piece = JSON.parse(data);
      if (piece.error) {
        throw new Refusal(0, piece.error.message ?? String(piece.error));
      }
      usage = piece.usage ?? usage;
      end = {...end, ...taken(message, piece, times), ...(piece.timings && {timings: piece.timings})};
      onChange();
    }
  } finally {
    message.figures = figures(usage, times, end);
  }
}

function taken(message, piece, times) {
  const [choice] = piece.choices ?? [];
  const {content, tool_calls: calls} = choice?.delta ?? {};
  if (content || calls) {
    times.last = performance.now();
    times.first ??= times.last;
  }
  message.content += content ?? '';
  for (const call of calls ?? []) {
    message.calls ??= [];
    const known = message.calls[call.index ?? 0] ??= {id: '', name: '', arguments: ''};
    known.id += call.id ?? '';
    known.name += call.function?.name ?? '';
    known.arguments += call.function?.arguments ?? '';
  }
  return choice?.finish_reason ? {reason: choice.finish_reason} : {};
}

/** The server's times where it tells them, otherwise as they were seen here. */
function figures(usage, times, {timings, reason}) {
  const generated = usage?.completion_tokens;
  const first = timings?.first_token_ms ?? (times.first === null ? null : times.first - times.asked);
  const total = timings?.total_ms ?? (times.last === null ? null : times.last - times.asked);
  const rate = isKnown(generated) && generated > 1 && total > first ? (generated - 1) / (total - first) * 1000 : null;
  const known = {prompt: usage?.prompt_tokens, cached: usage?.prompt_tokens_details?.cached_tokens, generated, first, total, rate, reason};
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null && value !== undefined));
}
