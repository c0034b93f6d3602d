/** The server as a whole: what it is opened with, how it starts and stops. */
package dev.ondine.server;
