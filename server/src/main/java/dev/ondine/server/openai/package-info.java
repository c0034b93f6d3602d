/**
 * The API of OpenAI: chat, completions, embeddings, models.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference">its reference</a>
 */
package dev.ondine.server.openai;
