# SPDX-License-Identifier: Apache-2.0
"""From samples to medians, ratios and tables.

A ratio above 1 is always "better than libpq's best variant", for rates and for times alike;
the CPU multiple is client CPU per operation over that same variant's.
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
        choose = min if case.unit == "ms" else max
        best = choose(native, key=lambda row: row["median"])
        best["best_native"] = True
        for row in rows:
            ratio = row["median"] / best["median"]
            row["ratio"] = 1 / ratio if case.unit == "ms" else ratio
            # getrusage counts in ticks of the scheduler: next to nothing has no meaningful multiple.
            if best["cpu_us_per_op"] > 0 and case.unit != "ms":
                row["cpu_multiple"] = row["cpu_us_per_op"] / best["cpu_us_per_op"]
    return rows


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
