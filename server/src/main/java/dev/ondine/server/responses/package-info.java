/** The Responses API of OpenAI, and the responses that it keeps. */
package dev.ondine.server.responses;
