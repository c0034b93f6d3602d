package dev.ondine.explorer.chart;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A table as comma-separated values: a line of headings, then the rows, each line ending in CR LF.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
public final class CsvTable {

    private CsvTable() {
    }

    /** Numbers have all their digits. */
    public static String write(Table table) {
        StringBuilder text = new StringBuilder(line(table.columns()));
        table.rows().forEach(row -> text.append(line(row.stream().map(Table.Cell::exact).toList())));
        return text.toString();
    }

    private static String line(List<String> fields) {
        return fields.stream().map(CsvTable::field).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String field(String text) {
        boolean plain = text.chars().noneMatch(character -> character == ',' || character == '"' || character == '\r' || character == '\n');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
