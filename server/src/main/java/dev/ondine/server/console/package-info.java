/** The web page that comes with the server. */
package dev.ondine.server.console;
