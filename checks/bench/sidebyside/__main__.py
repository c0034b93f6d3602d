"""Measures Ondine and llama.cpp in turn on random models and holds both against what the machine could do at most."""

import argparse
import datetime
import json
import os
import platform
import shlex
import signal
import sys
from contextlib import suppress
from pathlib import Path

from programs import Failed, busy_seconds, run, say
from report import print_report
from rounds import ONDINE, ROOT, measure_format

FORMATS = ["Q4_0", "Q8_0", "Q4_K_M", "Q5_K_M", "Q6_K", "IQ4_NL", "MXFP4", "F16", "BF16"]

HELP = """
Measures the speed of Ondine and of llama.cpp in turn (ours, peer, ours, peer ...) on a random model of 1.08 billion parameters in
the shape of Llama 3.2 1B, once for each FORMAT, and prints medians beside what the machine could do at most. Without a peer it
measures Ondine alone. The models stay in ~/.cache/ondine/bench, about 10 GB for all formats, and are made when they are missing.
"""

NOTES = """
columns:
  ratio     ours / peer.
  of int8   share of the int8 roof that reading the prompt reaches: multiplications with weights (those of the attention not
            counted), against the fastest int8 instruction on vectors, measured from registers. The output matrix is left out,
            because a prompt needs it once. Empty for float formats.
  of tiles  the same against the int8 instruction on tiles, where the processor has one.
  of memory share of the memory roof that decoding reaches, as `ondine bench` computes its MBU: bytes of the GGUF file's tensors
            and of the cache that a token needs, against a streaming read measured in the same run. Packed weights are up to 1 %
            larger than the file's; that is not counted.

environment:
  LLAMA_BENCH  the peer: a command that takes a model file and then llama-bench's options.

A measurement is repeated when others (processes, or other guests of the host) used more than 0.1 core while it ran, as /proc/stat
tells; after the last retry the least disturbed one counts, and the table marks the format with a star.

examples:
  checks/bench/side-by-side Q4_0
  LLAMA_BENCH='llama-bench -m' checks/bench/side-by-side --rounds 5 -o q.json Q4_0 Q8_0
  LLAMA_BENCH='llama-bench -m' checks/bench/side-by-side --busy Q4_0       with a process that keeps a core busy
  checks/bench/side-by-side --kernels machine-avx2 --depth 4096 --batch 8 Q4_0
"""


def main():
    settings = arguments()
    for signum in (signal.SIGTERM, signal.SIGHUP):
        # What nohup has switched off stays so.
        if signal.getsignal(signum) != signal.SIG_IGN:
            signal.signal(signum, lambda number, frame: sys.exit(128 + number))
    report = {"date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"), "machine": machine(),
              "versions": {"ondine": ondine_version(), "peer": None}, "settings": vars(settings).copy(), "formats": []}
    peer = shlex.split(os.environ.get("LLAMA_BENCH", ""))
    if not peer:
        say("LLAMA_BENCH is not set; only Ondine is measured")
    if busy_seconds() is None:
        say("there is no /proc/stat here, so nothing tells whether others disturb the measurements")
    save(report, settings.output)
    for number_format in settings.formats:
        result = measure_format(number_format, peer, settings)
        report["formats"].append(result)
        report["versions"]["peer"] = report["versions"]["peer"] or peer_version(result)
        # After each format, so that whoever stops a long run keeps what it found.
        save(report, settings.output)
    print_report(report)
    say(f"every repetition is in {settings.output}")
    return 0 if all(result["medians"] for result in report["formats"]) else 1


def arguments():
    parser = argparse.ArgumentParser(prog="side-by-side", usage="checks/bench/side-by-side [OPTION]... [FORMAT]...", description=HELP,
                                     epilog=NOTES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", nargs="*", metavar="FORMAT",
                        help="as `ondine synth` takes it (default: " + " ".join(FORMATS) + ")")
    parser.add_argument("--formats", dest="more_formats", type=lambda text: text.split(","), default=[], metavar="FORMAT,...",
                        help="the same with commas between them")
    parser.add_argument("--rounds", type=at_least(1), default=3, metavar="N", help="measurements of each program (default: 3)")
    parser.add_argument("--prompt", type=at_least(1), default=512, metavar="N", help="tokens of the prompt (default: 512)")
    parser.add_argument("--generate", type=at_least(1), default=128, metavar="N", help="tokens to decode (default: 128)")
    parser.add_argument("--depth", type=at_least(0), default=0, metavar="N", help="tokens in the cache before each test (default: 0)")
    parser.add_argument("--batch", type=at_least(2), metavar="N", help="let N sequences decode together too, ours only")
    parser.add_argument("--threads", type=at_least(1), default=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity")
                        else os.cpu_count(), metavar="N", help="compute threads of both (default: one per core, %(default)s)")
    parser.add_argument("--kernels", default="auto", metavar="KIND", help="ours, as `ondine bench` takes it (default: auto)")
    parser.add_argument("--busy", action="store_true", help="let a process keep a core busy during each measurement, roofs excepted")
    parser.add_argument("--retries", type=at_least(0), default=5, metavar="N", help="most retries after a disturbance (default: 5)")
    parser.add_argument("-o", "--output", default=str(ROOT / "target/side-by-side.json"), metavar="FILE",
                        help="JSON file for every number (default: target/side-by-side.json in the checkout)")
    settings = parser.parse_args()
    settings.formats = settings.formats + settings.more_formats or FORMATS
    del settings.more_formats
    return settings


def at_least(least):
    def number(text):
        if not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text} is no whole number from {least} up")
        return int(text)
    return number


def save(report, file):
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_text(json.dumps(report, indent=1) + "\n")
    except OSError as e:
        raise Failed(f"cannot write {file}: {e.strerror}; name another file with -o") from e


def machine():
    processor = platform.processor()
    with suppress(OSError):
        names = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        processor = names[0] if names else processor
    return {"processor": processor, "cores": os.cpu_count(), "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
            "system": platform.system() + " " + platform.release()}


def ondine_version():
    """Of the program and of its sources. Asking builds them, if that is to be done."""
    version = run([ONDINE, "--version"]).strip()
    with suppress(Failed):
        version += ", commit " + run(["git", "-C", str(ROOT), "describe", "--always", "--dirty"]).strip()
    return version


def peer_version(result):
    reports = [entry["report"] for entry in result["measurements"] if entry["program"] == "peer"]
    return f"llama.cpp {reports[0][0]['build_number']} ({reports[0][0]['build_commit']})" if reports else None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as e:
        say(str(e))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
