/** Models that come into memory and go. */
package dev.ondine.server.shelf;
