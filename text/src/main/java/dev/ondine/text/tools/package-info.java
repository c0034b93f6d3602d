/** Tool calls: how families of models write them, the grammar that holds a model to it, and the way back from text to calls. */
package dev.ondine.text.tools;
