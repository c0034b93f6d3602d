// The official client of Anthropic.

import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { alarm, base, idle, model, rejection, run, wake } from './cases.mjs';

const client = new Anthropic({ baseURL: base, apiKey: 'none', maxRetries: 0 });
const messages = [{ role: 'user', content: wake }];
const tools = [{ name: 'set_alarm', description: 'Sets an alarm', input_schema: alarm, strict: true }];
const story = { model, messages: [{ role: 'user', content: 'Tell me a story.' }], max_tokens: 16, temperature: 0 };

/** Tokens of the prompt, those that were in the cache included. */
const read = (usage) => usage.input_tokens + usage.cache_read_input_tokens;

await run({
  async 'answers'() {
    const message = await client.messages.create(story);
    assert.equal(message.type, 'message');
    assert.equal(message.role, 'assistant');
    assert.equal(message.model, model);
    assert.equal(message.stop_reason, 'max_tokens');
    assert.equal(message.content[0].type, 'text');
    assert.equal(message.usage.output_tokens, 16);
    assert.ok(read(message.usage) > 5);
  },

  async 'takes blocks and a system prompt'() {
    const message = await client.messages.create({
      ...story,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Tell me' }, { type: 'text', text: 'a story.' }] }],
    });
    assert.equal(message.content.length, 1);
  },

  async 'streams events in order'() {
    const whole = await client.messages.create(story);
    const kinds = [];
    let text = '';
    let last;
    for await (const event of await client.messages.create({ ...story, stream: true })) {
      if (kinds.at(-1) !== event.type) {
        kinds.push(event.type);
      }
      text += event.type === 'content_block_delta' ? event.delta.text : '';
      last = event.type === 'message_delta' ? event : last;
    }
    assert.deepEqual(kinds, ['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta',
      'message_stop']);
    assert.equal(text, whole.content[0].text);
    assert.equal(last.delta.stop_reason, 'max_tokens');
    assert.deepEqual(last.usage.output_tokens, 16);
  },

  async 'the helper puts a stream together'() {
    const whole = await client.messages.create(story);
    const final = await client.messages.stream(story).finalMessage();
    assert.deepEqual(final.content[0].text, whole.content[0].text);
    assert.deepEqual(final.usage.output_tokens, whole.usage.output_tokens);
  },

  async 'ends at a stop sequence'() {
    const message = await client.messages.create({ ...story, max_tokens: 100, stop_sequences: [' '] });
    assert.equal(message.stop_reason, 'stop_sequence');
    assert.equal(message.stop_sequence, ' ');
  },

  async 'calls a tool, and takes what came of it'() {
    const first = await client.messages.create({ model, messages, tools, max_tokens: 100, temperature: 0 });
    assert.equal(first.stop_reason, 'tool_use');
    const call = first.content.find((block) => block.type === 'tool_use');
    assert.equal(call.name, 'set_alarm');
    assert.deepEqual(call.input, { time: '18:30' });
    const second = await client.messages.create({
      model, tools, max_tokens: 30, temperature: 0,
      messages: [...messages, { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'done' }] }],
    });
    assert.ok(read(second.usage) > read(first.usage));
  },

  async 'streams a call'() {
    const final = await client.messages.stream({ model, messages, tools, max_tokens: 100, temperature: 0 }).finalMessage();
    assert.equal(final.stop_reason, 'tool_use');
    assert.deepEqual(final.content[0].input, { time: '18:30' });
  },

  async 'is made to call a tool'() {
    const message = await client.messages.create({
      ...story, tools, max_tokens: 100, tool_choice: { type: 'tool', name: 'set_alarm' } });
    assert.equal(message.content.at(-1).name, 'set_alarm');
    assert.equal(typeof message.content.at(-1).input.time, 'string');
  },

  async 'is kept from calling a tool'() {
    const message = await client.messages.create({ model, messages, tools, max_tokens: 60, temperature: 0, tool_choice: { type: 'none' } });
    assert.ok(message.content.every((block) => block.type === 'text'));
  },

  async 'counts tokens'() {
    const count = await client.messages.countTokens({ model, messages: story.messages });
    const { usage } = await client.messages.create(story);
    assert.equal(count.input_tokens, usage.input_tokens + usage.cache_read_input_tokens);
  },

  async 'lists models'() {
    const found = [];
    for await (const each of client.models.list()) {
      found.push(each.id);
    }
    assert.ok(found.includes(model));
    assert.equal((await client.models.retrieve(model)).type, 'model');
  },

  async 'reports errors by their classes'() {
    const missing = await rejection(client.messages.create({ ...story, model: 'nobody' }));
    assert.ok(missing instanceof Anthropic.NotFoundError);
    assert.equal(missing.type, 'not_found_error');
    const wrong = await rejection(client.messages.create({ ...story, max_tokens: 0 }));
    assert.ok(wrong instanceof Anthropic.BadRequestError);
    assert.equal(wrong.error.error.type, 'invalid_request_error');
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } };
    assert.ok(await rejection(client.messages.create({ ...story, messages: [{ role: 'user', content: [image] }] }))
      instanceof Anthropic.BadRequestError);
  },

  async 'stops when the client does'() {
    const stream = await client.messages.create({ ...story, max_tokens: 400, temperature: 1, stream: true });
    for await (const event of stream) {
      if (event.type === 'content_block_delta') {
        stream.controller.abort();
      }
    }
    await idle();
  },
});
