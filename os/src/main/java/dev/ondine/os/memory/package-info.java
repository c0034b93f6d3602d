/** Where tasks' caches live: in memory, shared, parked, or not at all. It knows neither tasks nor steps. */
package dev.ondine.os.memory;
