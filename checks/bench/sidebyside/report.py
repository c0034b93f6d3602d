"""What the measurements come to."""

from statistics import median

FLOAT_FORMATS = ["F32", "F16", "BF16"]
MOST_CORES_OF_OTHERS = 0.1


def is_disturbed(entry):
    return (entry["cores_of_others"] or 0) > MOST_CORES_OF_OTHERS


def medians(result):
    counted = [entry for entry in result["measurements"] if entry["counts"]]

    def middle(program, key):
        numbers = [entry[key] for entry in counted if entry["program"] == program and entry.get(key)]
        return median(numbers) if numbers else None

    names = [(program, key) for program in ("ours", "peer") for key in ("prefill", "decode")]
    found = {f"{program}_{key}": middle(program, key) for program, key in names}
    if not found["ours_prefill"]:
        return None
    found |= {"kernels": next(entry["report"]["kernels"] for entry in counted if entry["program"] == "ours"),
              "ours_batch_decode": middle("ours", "batch_decode"), "of_memory": middle("ours", "mbu")}
    roofs = {name: roof(result["roofs"], name) for name in ("memory", "int8", "tiles")}
    rate = found["ours_prefill"] * (result["products_per_prompt_token"] or 0)
    of_compute = {f"of_{name}": rate / roofs[name] for name in ("int8", "tiles")
                  if rate and roofs[name] and result["format"] not in FLOAT_FORMATS}
    return found | of_compute | {"roofs": roofs, "disturbed": any(map(is_disturbed, counted))}


def roof(reports, name):
    """Median over the rounds of bytes or multiplications per second of all threads; None where the machine has no such thing."""
    if name == "memory":
        rates = [report["memory"][-1]["bytes_per_second"] for report in reports]
    else:
        rates = [max((line["multiply_accumulates_per_second"]["all_threads"] for line in report["compute"]
                      if line["type"] == "int8" and line["instruction"].startswith("tdp") == (name == "tiles")), default=None)
                 for report in reports]
    return median(rates) if rates and None not in rates else None


def print_report(report):
    about, settings, versions = report["machine"], report["settings"], report["versions"]
    print(f"{about['processor']}, {about['cores']} cores, {about['memory_bytes'] / 2**30:.0f} GiB, {about['system']}, {report['date']}")
    print(f"ours: {versions['ondine']}; peer: {versions['peer'] or 'none'}; {settings['threads']} threads, "
          f"depth {settings['depth']}, medians of {settings['rounds']}" + (", one core kept busy" if settings["busy"] else ""))
    print()
    print_table([header(settings)] + [row(result, settings) for result in report["formats"]])
    print()
    for result in report["formats"]:
        if result["medians"]:
            print(f"{result['format']}: " + ", ".join([f"kernels {result['medians']['kernels']}", *roof_texts(result["medians"]["roofs"])]))


def header(settings):
    prompt, decode, batch = f"pp{settings['prompt']}", f"tg{settings['generate']}", settings["batch"]
    return (["format", f"ours {prompt}", f"peer {prompt}", "ratio", "of int8", "of tiles", f"ours {decode}", f"peer {decode}", "ratio",
             "of memory"] + ([f"ours {decode} b{batch}", "to one"] if batch else []))


def row(result, settings):
    found = result["medians"] or {}

    def number(key, form):
        return format(found[key], form) if found.get(key) else ""

    def ratio(above, below):
        return f"{found[above] / found[below]:.2f}" if found.get(above) and found.get(below) else ""

    cells = [result["format"] + (" *" if found.get("disturbed") else "")]
    cells += [number("ours_prefill", ".1f"), number("peer_prefill", ".1f"), ratio("ours_prefill", "peer_prefill")]
    cells += [number("of_int8", ".2f"), number("of_tiles", ".2f")]
    cells += [number("ours_decode", ".1f"), number("peer_decode", ".1f"), ratio("ours_decode", "peer_decode"), number("of_memory", ".2f")]
    return cells + ([number("ours_batch_decode", ".1f"), ratio("ours_batch_decode", "ours_decode")] if settings["batch"] else [])


def roof_texts(roofs):
    if roofs["memory"]:
        yield f"memory roof {roofs['memory'] / 1e9:.1f} GB/s"
    for name in ("int8", "tiles"):
        if roofs[name]:
            yield f"{name} roof {roofs[name] / 1e9:.0f} GMAC/s"


def print_table(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    rows.insert(1, ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]])
    for cells in rows:
        print("| " + " | ".join([cells[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:])]) + " |")
