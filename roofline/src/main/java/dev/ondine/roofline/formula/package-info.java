/**
 * Formulas of published papers, one subject a class: numbers in, numbers out, in base SI units. They know neither devices nor models.
 */
package dev.ondine.roofline.formula;
