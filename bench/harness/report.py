# SPDX-License-Identifier: Apache-2.0
"""From samples to medians, ratios and tables.

A ratio above 1 is always "better than libpq's best variant", for rates and for times alike; the CPU
multiple is client CPU per operation over that same variant's. Both are medians of the rounds' own ratios:
a shared machine drifts over minutes, and a round compares what ran close together.
"""
import statistics

from harness import plan


def value_of(sample, unit):
    """The figure of one sample in the case's unit."""
    if unit == "ms":
        return 1000 * sample["seconds"] / sample["ops"]
    return sample["ops"] / sample["seconds"]


def cpu_per_op(sample):
    return (sample["cpu_user_s"] + sample["cpu_sys_s"]) / sample["ops"]


def summarise(case, samples):
    """Medians of all (subject, variant) pairs of one case, with ratios to libpq's best."""
    groups = {}
    for sample in samples:
        groups.setdefault((sample["subject"], sample["variant"]), []).append(sample)
    rows = []
    for (subject, variant), group in groups.items():
        values = [value_of(sample, case.unit) for sample in group]
        rows.append({"case": case.name, "unit": case.unit, "subject": subject, "variant": variant,
                     "rounds": len(group), "pinned": group[0]["pinned"],
                     "median": statistics.median(values), "least": min(values), "most": max(values),
                     "cpu_us_per_op": 1e6 * statistics.median(map(cpu_per_op, group)),
                     "rss_growth_kb": statistics.median(sample["rss_growth_kb"] for sample in group)})
    native = [row for row in rows if row["subject"] == plan.NATIVE]
    if native:
        best = (min if case.unit == "ms" else max)(native, key=lambda row: row["median"])
        best["best_native"] = True
        reference = by_round(groups[best["subject"], best["variant"]])
        for row in rows:
            add_ratios(row, by_round(groups[row["subject"], row["variant"]]), reference)
    return rows


def by_round(samples):
    return {sample["round"]: sample for sample in samples}


def add_ratios(row, own, reference):
    """Ratios of one variant to the best native one, over the rounds in which both ran."""
    rounds = own.keys() & reference.keys()
    if not rounds:
        return
    ratios = [value_of(own[n], row["unit"]) / value_of(reference[n], row["unit"]) for n in rounds]
    row["ratio"] = statistics.median([1 / ratio for ratio in ratios] if row["unit"] == "ms" else ratios)
    # CPU of a millisecond's work is below what getrusage can tell, so times get no multiple.
    if row["unit"] != "ms" and all(cpu_per_op(reference[n]) > 0 for n in rounds):
        row["cpu_multiple"] = statistics.median(cpu_per_op(own[n]) / cpu_per_op(reference[n]) for n in rounds)


def short(number):
    for limit, suffix in ((1e6, "M"), (1e3, "k")):
        if abs(number) >= limit:
            return f"{number / limit:.3g}{suffix}"
    return f"{number:.3g}"


def memory(kilobytes):
    return f"{kilobytes / 1024:.0f} MB" if kilobytes >= 1024 else f"{kilobytes:.0f} kB"


HEADER = ("case", "subject", "variant", "unit", "median", "spread", "ratio", "cpu/op us", "cpu x", "rss +")


def cells(row):
    return (row["case"] + ("*" if row["pinned"] else ""), row["subject"],
            row["variant"] + (" (best)" if row.get("best_native") else ""), row["unit"], short(row["median"]),
            f"{short(row['least'])}..{short(row['most'])}",
            f"{row['ratio']:.3g}" if "ratio" in row else "-", f"{row['cpu_us_per_op']:.3g}",
            f"{row['cpu_multiple']:.1f}" if "cpu_multiple" in row else "-", memory(row["rss_growth_kb"]))


def text_table(rows):
    lines = [HEADER] + [cells(row) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def markdown_table(rows):
    lines = ["| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)]
    return "\n".join(lines + ["| " + " | ".join(cells(row)) + " |" for row in rows])
