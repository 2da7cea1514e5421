# SPDX-License-Identifier: Apache-2.0
"""From samples to medians, ratios and tables.

A ratio above 1 is always "better than the mark", for rates and for times alike; the CPU multiple is client CPU per
operation over the mark's. Both are medians of the rounds' own ratios: a shared machine drifts over minutes, and a
round compares what ran close together.
"""
import statistics

PER_SECOND = {"ms": 1e3, "ns": 1e9}  # units in which less is better, and how many of them a second has


def value_of(sample, unit):
    """The figure of one sample in the case's unit."""
    if unit in PER_SECOND:
        return PER_SECOND[unit] * sample["seconds"] / sample["ops"]
    return sample["ops"] / sample["seconds"]


def cpu_per_op(sample):
    return (sample["cpu_user_s"] + sample["cpu_sys_s"]) / sample["ops"]


class Samples:
    """All samples of one case on an engine, by (subject, variant) and round."""

    def __init__(self, engine, case, samples):
        self.engine, self.case = engine, case
        self.groups = {}
        for sample in samples:
            self.groups.setdefault((sample["subject"], sample["variant"]), {})[sample["round"]] = sample

    def median(self, key):
        return statistics.median(value_of(sample, self.case.unit) for sample in self.groups[key].values())

    def best(self, subject, variants):
        """Key of the fastest of `variants`, None if none was measured."""
        keys = [(subject, variant) for variant in variants if (subject, variant) in self.groups]
        pick = min if self.case.unit in PER_SECOND else max
        return pick(keys, key=self.median) if keys else None

    def _over_rounds(self, key, mark, figure):
        own, reference = self.groups.get(key, {}), self.groups.get(mark, {})
        figures = [figure(own[n], reference[n]) for n in own.keys() & reference.keys()]
        return statistics.median(figures) if figures and None not in figures else None

    def ratio(self, key, mark):
        unit = self.case.unit
        speed = self._over_rounds(key, mark, lambda a, b: value_of(a, unit) / value_of(b, unit))
        if speed is None or unit not in PER_SECOND:
            return speed
        return self._over_rounds(key, mark, lambda a, b: value_of(b, unit) / value_of(a, unit))

    def cpu_multiple(self, key, mark):
        """None for times: the CPU of a millisecond's work is below what getrusage can tell."""
        if self.case.unit == "ms":
            return None
        return self._over_rounds(key, mark, lambda a, b: cpu_per_op(a) / cpu_per_op(b) if cpu_per_op(b) > 0 else None)

    def rss(self, key):
        return statistics.median(sample["rss_growth_kb"] for sample in self.groups[key].values())


def mark_of(samples, key):
    """What a row is held against: the best of the native variants, or the peer where the library has no such thing."""
    subject, variant = key
    engine, case = samples.engine, samples.case
    native = engine.variants.get(case.name)
    if not native:
        return (engine.peer, variant)
    is_odbc = variant in case.odbc and not subject.startswith(engine.native)
    return samples.best(engine.native, engine.marks_of(case, variant) if is_odbc else native)


def summarise(engine, case, raw):
    """One row per (subject, variant) of a case."""
    samples, rows = Samples(engine, case, raw), []
    marks = {mark_of(samples, key) for key in samples.groups}
    for key, group in samples.groups.items():
        subject, variant = key
        values = [value_of(sample, case.unit) for sample in group.values()]
        mark, peer = mark_of(samples, key), (engine.peer, variant)
        first = next(iter(group.values()))
        rows.append({"case": case.name, "unit": case.unit, "subject": subject, "variant": variant, "rounds": len(group),
                     "pinned": first["pinned"], "median": samples.median(key), "least": min(values), "most": max(values),
                     "cpu_us_per_op": 1e6 * statistics.median(map(cpu_per_op, group.values())), "rss_growth_kb": samples.rss(key),
                     "mark": mark[1] if mark else None, "is_mark": key in marks,
                     "ratio": samples.ratio(key, mark), "cpu_multiple": samples.cpu_multiple(key, mark),
                     "ratio_to_peer": samples.ratio(key, peer) if subject == "aurodbc" else None})
    return rows


def short(number):
    for limit, suffix in ((1e6, "M"), (1e3, "k")):
        if abs(number) >= limit:
            return f"{number / limit:.3g}{suffix}"
    return f"{number:.3g}"


def memory(kilobytes):
    return f"{kilobytes / 1024:.0f} MB" if kilobytes >= 1024 else f"{kilobytes:.0f} kB"


def optional(number, form):
    return "-" if number is None else format(number, form)


HEADER = ("case", "subject", "variant", "unit", "median", "spread", "ratio", "mark", "x peer", "cpu/op us", "cpu x", "rss +")


def cells(row):
    name = row["case"] + ("*" if row["pinned"] else "")
    if "cannot" in row:
        return (name, row["subject"], row["variant"], row["unit"], f"cannot: {row['cannot']}", *["-"] * 7)
    return (name, row["subject"], row["variant"] + (" (mark)" if row["is_mark"] else ""), row["unit"], short(row["median"]),
            f"{short(row['least'])}..{short(row['most'])}", optional(row["ratio"], ".3g"), row["mark"] or "-",
            optional(row["ratio_to_peer"], ".3g"), f"{row['cpu_us_per_op']:.3g}", optional(row["cpu_multiple"], ".2f"),
            memory(row["rss_growth_kb"]))


def aligned(lines):
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def text_table(rows):
    return aligned([HEADER] + [cells(row) for row in rows])


def markdown(header, lines):
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, ["---"] * len(header), *lines])


def markdown_table(rows):
    return markdown(HEADER, [cells(row) for row in rows])
