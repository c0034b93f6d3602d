/** The Messages API of Anthropic. */
package dev.ondine.server.anthropic;
