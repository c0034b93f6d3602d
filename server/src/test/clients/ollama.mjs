// The official client of Ollama.

import assert from 'node:assert/strict';
import { Ollama } from 'ollama';
import { alarm, base, idle, model, rejection, run, wake } from './cases.mjs';

const client = new Ollama({ host: base });
const messages = [{ role: 'user', content: wake }];
const tools = [{ type: 'function', function: { name: 'set_alarm', description: 'Sets an alarm', parameters: alarm } }];
const story = { model, messages: [{ role: 'user', content: 'Tell me a story.' }], options: { temperature: 0, num_predict: 12 } };

async function collect(stream) {
  const parts = [];
  for await (const part of stream) {
    parts.push(part);
  }
  return parts;
}

await run({
  async 'lists models'() {
    const { models } = await client.list();
    const found = models.find((each) => each.name === `${model}:latest` || each.name === model);
    assert.equal(found.details.format, 'gguf');
    assert.ok(found.size > 1000);
    assert.match(found.digest, /^[0-9a-f]{64}$/);
  },

  async 'shows a model'() {
    const shown = await client.show({ model });
    assert.ok(shown.capabilities.includes('completion'));
    assert.equal(shown.model_info['general.architecture'], 'llama');
    assert.ok(shown.template.includes('im_start'));
  },

  async 'tells what is loaded and its version'() {
    await client.chat(story);
    const { models } = await client.ps();
    assert.ok(models[0].context_length > 0);
    assert.ok(models[0].expires_at);
    assert.match((await client.version()).version, /^\d+\.\d+/);
  },

  async 'answers a chat'() {
    const answer = await client.chat(story);
    assert.equal(answer.done, true);
    assert.equal(answer.done_reason, 'length');
    assert.equal(answer.message.role, 'assistant');
    assert.equal(answer.eval_count, 12);
    assert.ok(answer.prompt_eval_count > 5);
    assert.ok(answer.total_duration >= answer.eval_duration);
    assert.ok(answer.total_duration < 600e9);
  },

  async 'streams what it answers'() {
    const whole = await client.chat(story);
    const parts = await collect(await client.chat({ ...story, stream: true }));
    assert.equal(parts.map((part) => part.message.content).join(''), whole.message.content);
    assert.deepEqual(parts.map((part) => part.done).filter(Boolean), [true]);
    assert.equal(parts.at(-1).done_reason, 'length');
    assert.equal(parts.at(-1).eval_count, 12);
  },

  async 'generates, and goes on where it was'() {
    const options = { temperature: 0, num_predict: 8 };
    const first = await client.generate({ model, prompt: 'Tell me a story.', options });
    assert.ok(first.response.length > 5);
    assert.ok(first.context.length > 10);
    const second = await client.generate({ model, prompt: 'Go on.', context: first.context, options });
    assert.ok(second.prompt_eval_count > first.prompt_eval_count);
    const raw = await client.generate({ model, prompt: 'Once upon', raw: true, options });
    assert.ok(raw.prompt_eval_count < first.prompt_eval_count);
    const parts = await collect(await client.generate({ model, prompt: 'Tell me a story.', options, stream: true }));
    assert.equal(parts.map((part) => part.response).join(''), first.response);
  },

  async 'calls a tool, and takes what came of it'() {
    const first = await client.chat({ model, messages, tools, options: { temperature: 0 } });
    const [call] = first.message.tool_calls;
    assert.equal(call.function.name, 'set_alarm');
    assert.deepEqual(call.function.arguments, { time: '18:30' });
    const second = await client.chat({ model, tools, options: { temperature: 0, num_predict: 20 },
      messages: [...messages, first.message, { role: 'tool', tool_name: 'set_alarm', content: 'done' }] });
    assert.ok(second.prompt_eval_count > first.prompt_eval_count);
  },

  async 'streams a call'() {
    const parts = await collect(await client.chat({ model, messages, tools, options: { temperature: 0 }, stream: true }));
    const calls = parts.flatMap((part) => part.message.tool_calls ?? []);
    assert.deepEqual(calls.map((call) => call.function), [{ name: 'set_alarm', arguments: { time: '18:30' } }]);
  },

  async 'answers in the form of a schema'() {
    const format = { type: 'object', properties: { mood: { enum: ['glad', 'sad'] } }, required: ['mood'], additionalProperties: false };
    const answer = await client.chat({ ...story, format, options: { temperature: 0, num_predict: 60 } });
    assert.ok(['glad', 'sad'].includes(JSON.parse(answer.message.content).mood));
  },

  async 'gives the same for the same seed'() {
    const options = { temperature: 1, seed: 7, num_predict: 12 };
    const texts = [await client.chat({ ...story, options }), await client.chat({ ...story, options })].map((each) => each.message.content);
    assert.equal(texts[0], texts[1]);
  },

  async 'embeds texts'() {
    const { embeddings } = await client.embed({ model, input: ['a cat', 'a dog'] });
    assert.equal(embeddings.length, 2);
    assert.ok(Math.abs(Math.hypot(...embeddings[0]) - 1) < 1e-3);
    const { embedding } = await client.embeddings({ model, prompt: 'a cat' });
    assert.equal(embedding.length, embeddings[0].length);
  },

  async 'reports errors'() {
    const missing = await rejection(client.chat({ ...story, model: 'nobody' }));
    assert.equal(missing.name, 'ResponseError');
    assert.equal(missing.status_code, 404);
    assert.match(missing.error, /nobody/);
    const long = await rejection(client.chat({ ...story, options: { num_ctx: 1_000_000 } }));
    assert.equal(long.status_code, 400);
    assert.match(long.error, /num_ctx/);
    assert.equal((await rejection(client.generate({ model, prompt: 'a', suffix: 'b' }))).status_code, 400);
    assert.match((await rejection(client.pull({ model: 'llama3' }))).error, /pull/);
  },

  async 'stops when the client does'() {
    const stream = await client.chat({ ...story, options: { temperature: 1, num_predict: 400 }, stream: true });
    const ended = await rejection((async () => {
      for await (const _ of stream) {
        stream.abort();
      }
    })());
    assert.equal(ended.name, 'AbortError');
    await idle();
  },
});
