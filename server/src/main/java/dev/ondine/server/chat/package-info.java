/** What all chat APIs share: a conversation, what is asked of the model, and an answer that comes piece by piece. */
package dev.ondine.server.chat;
