"""Measuring ours and the peer in turn, all rounds of one number format."""

import os
from contextlib import nullcontext
from pathlib import Path

from programs import Failed, Watch, competitor, run, run_json, say
from report import is_disturbed, medians

ROOT = Path(__file__).resolve().parents[3]
ONDINE = str(ROOT / "ondine")


def measure_format(number_format, peer, settings):
    """All rounds of one format. Without medians if there are none of ours."""
    result = {"format": number_format, "products_per_prompt_token": None, "measurements": [], "roofs": [], "problems": [], "medians": None}

    def attempt(action, *inputs):
        try:
            return action(*inputs)
        except Failed as e:
            result["problems"].append(str(e))
            say(f"{number_format}: {e}")
            return None

    model = attempt(find_model, number_format)
    result["products_per_prompt_token"] = model and attempt(products, model)
    programs = {"ours": ours} | ({"peer": lambda *inputs: theirs(peer, *inputs)} if peer else {})
    for number in range(1, settings.rounds + 1) if model else []:
        roofs = attempt(run_json, [ONDINE, "bench", "--roof", "-t", str(settings.threads), "--json"])
        result["roofs"] += [roofs] if roofs else []
        for name, program in list(programs.items()):
            entries = attempt(measure, f"{number_format} round {number} of {settings.rounds}, {name}", program, model, settings)
            if not entries:
                # It would fail in the next round too.
                del programs[name]
            result["measurements"] += [{"program": name, "round": number} | entry for entry in entries or []]
    result["medians"] = medians(result)
    return result


def find_model(number_format):
    """The file, made if it is missing."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ondine/bench"
    model = folder / f"llama-1b-{number_format}.gguf"
    if not model.exists():
        say(f"making {model}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise Failed(f"cannot make the folder {folder}: {e.strerror}; set XDG_CACHE_HOME to one that can be written") from e
        run([ONDINE, "synth", "--shape", "llama-1b", "--format", number_format, "-o", str(model)])
        # Writing it to disk would disturb what is measured next.
        os.sync()
    return str(model)


def products(model):
    """Multiplications with weights that one token of a prompt takes: those of the layers."""
    facts = run_json([ONDINE, "info", model, "--json"])["metadata"]
    dim, heads = facts["llama.embedding_length"], facts["llama.attention.head_count"]
    head_dim = facts.get("llama.attention.key_length", dim // heads)
    attention = 2 * (heads + facts["llama.attention.head_count_kv"]) * head_dim
    return facts["llama.block_count"] * dim * (attention + 3 * facts["llama.feed_forward_length"])


def measure(title, program, model, settings):
    """One measurement, taken again while others disturb it; all of them, the one that counts marked."""
    entries = []
    for _ in range(settings.retries + 1):
        load = os.getloadavg()[0]
        with Watch() as watch, competitor() if settings.busy else nullcontext():
            figures = program(model, settings)
        entries.append({"load_before": load, "cores_of_others": watch.others, "counts": False} | figures)
        rates = ", ".join(f"{name} {figures[name]:.1f}" for name in ("prefill", "decode", "batch_decode") if figures.get(name))
        others = "" if watch.others is None else f", others used {watch.others:.2f} cores"
        say(f"{title}: {rates} tokens/s (load before {load:.2f}{others})")
        if not is_disturbed(entries[-1]):
            break
    min(entries, key=lambda entry: entry["cores_of_others"] or 0)["counts"] = True
    return entries


def ours(model, settings):
    batches = f"1,{settings.batch}" if settings.batch else "1"
    report = run_json([ONDINE, "bench", "-m", model, "-b", batches, "--kernels", settings.kernels, "--json"] + lengths(settings))
    rates = {test["name"]: test["tokens_per_second"]["median"] for test in report["tests"]}
    past = f"@d{settings.depth}" if settings.depth else ""
    names = {"prefill": f"pp{settings.prompt}{past}", "decode": f"tg{settings.generate}{past}"}
    if settings.batch:
        names["batch_decode"] = f"{names['decode']} b{settings.batch}"
    missing = [name for name in names.values() if name not in rates]
    if missing:
        raise Failed(f"ondine measured {', '.join(rates)}, expected {', '.join(missing)} too; ask for shorter tests")
    return {key: rates[name] for key, name in names.items()} | {"mbu": report["mbu"], "report": report}


def theirs(peer, model, settings):
    report = run_json(peer + [model, "-o", "json"] + lengths(settings))
    try:
        rates = {"decode" if test["n_gen"] else "prefill": test["avg_ts"] for test in report}
        return {"prefill": rates["prefill"], "decode": rates["decode"], "report": report}
    except (KeyError, TypeError) as e:
        raise Failed(f"LLAMA_BENCH printed JSON without {e}; it must print what llama-bench -o json does") from e


def lengths(settings):
    return ["-p", str(settings.prompt), "-n", str(settings.generate), "-d", str(settings.depth), "-t", str(settings.threads), "-r", "1"]
